/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.stillframe.error.StillframeException;

/**
 * Reads a stream in order, out of chunks of any size. Integers are big-endian and may straddle
 * chunks. An input that ends inside something is a {@link org.stillframe.error.DamagedException}
 * that names the byte and what was being read. Not thread-safe.
 */
public final class StreamInput {

  /** Where the chunks come from. */
  @FunctionalInterface
  public interface Supply {
    /**
     * The next chunk: the bytes from its position to its limit. Asking for it gives the chunk
     * before back, which may then be refilled. An empty chunk is passed over. The chunk's own
     * position, limit and byte order are left alone.
     *
     * @return the chunk, or null at the end of the input, and again whenever asked after it
     * @throws StillframeException if the input cannot be read
     */
    ByteBuffer next() throws StillframeException;
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Supply supply;
  private ByteBuffer chunk = NOTHING;

  /** The position in the stream of the chunk's byte 0. */
  private long base;

  private String reading = "the stream";

  /** Creates an input whose first byte is byte 0. */
  public StreamInput(Supply supply) {
    this.supply = Objects.requireNonNull(supply, "supply");
  }

  /**
   * Goes on at another position of what the supply reads: the chunk at hand is dropped, and the
   * next that the supply gives begins there.
   */
  void moveTo(long position) {
    chunk = NOTHING;
    base = position;
  }

  /** The bytes consumed so far; also the offset of the next byte. */
  public long position() {
    return base + chunk.position();
  }

  /** Names what is read from here on, for the message if the input ends inside it. */
  public void reading(String what) {
    reading = what;
  }

  /** What is being read, as last named by {@link #reading(String)}. */
  public String reading() {
    return reading;
  }

  /** Whether no byte is left; may ask the supply for its next chunk. */
  public boolean atEnd() throws StillframeException {
    return !chunk.hasRemaining() && !advance();
  }

  /** One byte, 0 to 255. */
  public int u8() throws StillframeException {
    if (!chunk.hasRemaining()) {
      refill();
    }
    return chunk.get() & 0xff;
  }

  /** Two bytes, 0 to 65535. */
  public int u16() throws StillframeException {
    return chunk.remaining() >= 2 ? chunk.getShort() & 0xffff : u8() << 8 | u8();
  }

  /** Four bytes, 0 to 2<sup>32</sup>-1. */
  public long u32() throws StillframeException {
    return chunk.remaining() >= 4 ? chunk.getInt() & 0xffffffffL : (long) u16() << 16 | u16();
  }

  /** Eight bytes; a negative result is a number of 2<sup>63</sup> and more. */
  public long u64() throws StillframeException {
    return chunk.remaining() >= 8 ? chunk.getLong() : u32() << 32 | u32();
  }

  /**
   * Passes over bytes.
   *
   * @param count how many, 0 or more
   */
  public void skip(long count) throws StillframeException {
    if (count < 0) {
      throw new IllegalArgumentException("cannot skip " + count + " bytes");
    }
    long left = count;
    while (left > chunk.remaining()) {
      left -= chunk.remaining();
      chunk.position(chunk.limit());
      refill();
    }
    chunk.position(chunk.position() + (int) left);
  }

  /**
   * The next bytes where they stand: from the position of the chunk at hand on. They are not
   * consumed, and stay there until the supply is asked for its next chunk.
   *
   * @param count how many, 1 or more
   * @return null if not all of them stand in one direct chunk
   */
  public ByteBuffer inPlace(int count) {
    return chunk.isDirect() && chunk.remaining() >= count ? chunk : null;
  }

  /** Fills {@code dst} from its position to its limit. */
  public void copyTo(ByteBuffer dst) throws StillframeException {
    while (dst.remaining() > chunk.remaining()) {
      dst.put(chunk);
      refill();
    }
    int limit = chunk.limit();
    chunk.limit(chunk.position() + dst.remaining());
    dst.put(chunk);
    chunk.limit(limit);
  }

  /** The next {@code count} bytes, in an array of their own: bound the count before asking. */
  public byte[] bytes(int count) throws StillframeException {
    byte[] bytes = new byte[count];
    bytes(bytes, count);
    return bytes;
  }

  /** The next {@code count} bytes, into the beginning of {@code dst}. */
  void bytes(byte[] dst, int count) throws StillframeException {
    int done = 0;
    while (count - done > chunk.remaining()) {
      int part = chunk.remaining();
      chunk.get(dst, done, part);
      done += part;
      refill();
    }
    chunk.get(dst, done, count - done);
  }

  /**
   * The next {@code count} bytes as text: UTF-8 without control characters, as all names in the
   * stream are; anything else is damage.
   */
  public String text(int count) throws StillframeException {
    long at = position();
    return text(bytes(count), count, at, reading);
  }

  static String text(byte[] bytes, int count, long at, String where) throws StillframeException {
    String text;
    try {
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, count)).toString();
    } catch (CharacterCodingException e) {
      throw Faults.damaged(at, where, "a name is not text", e);
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw Faults.damaged(at, where, "a name holds control characters");
    }
    return text;
  }

  /**
   * Makes up to {@code count} bytes readable by {@link #peek} without consuming them.
   *
   * @return {@code count}, or fewer if the input ends before
   */
  int lookAhead(int count) throws StillframeException {
    while (chunk.remaining() < count) {
      // The rest must be copied before the supply is asked: asking gives the chunk back.
      byte[] rest = new byte[chunk.remaining()];
      long at = position();
      chunk.get(rest);
      ByteBuffer next = supply.next();
      ByteBuffer joined = ByteBuffer.allocate(rest.length + (next == null ? 0 : next.remaining()));
      joined.put(rest);
      if (next != null) {
        joined.put(next.duplicate());
      }
      chunk = joined.flip();
      base = at;
      if (next == null) {
        return chunk.remaining();
      }
    }
    return count;
  }

  /** A byte that {@link #lookAhead} has made readable, 0 to 255. */
  int peek(int index) {
    return chunk.get(chunk.position() + index) & 0xff;
  }

  /** The chunk at hand, to be consumed by moving its position; null at the end. */
  ByteBuffer chunk() throws StillframeException {
    return atEnd() ? null : chunk;
  }

  private void refill() throws StillframeException {
    if (!advance()) {
      throw Faults.cut(position(), reading);
    }
  }

  private boolean advance() throws StillframeException {
    long at = position();
    ByteBuffer next;
    do {
      next = supply.next();
    } while (next != null && !next.hasRemaining());
    // A slice of its own: the order is set, and the supply's buffer stays as it was handed over.
    chunk = next == null ? NOTHING : next.slice().order(ByteOrder.BIG_ENDIAN);
    base = at;
    return next != null;
  }
}
