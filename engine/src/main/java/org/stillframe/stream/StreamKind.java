/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.stillframe.error.StillframeException;

/** What a file is, as far as its first bytes tell. */
public enum StreamKind {
  /** No byte at all. */
  EMPTY("an empty file"),
  /** QEMU's migration stream, with the pages in it one after the other. */
  QEMU_STREAM("a QEMU migration stream"),
  /** QEMU's migration file with the pages at fixed offsets. */
  QEMU_MAPPED_RAM("a QEMU mapped-ram file"),
  /** A complete save image of libvirt's, of any of its formats. */
  LIBVIRT_IMAGE("a libvirt save image"),
  /** A save image that libvirt has not finished. */
  LIBVIRT_UNFINISHED("a libvirt save image that was never finished"),
  /** None of these. */
  UNKNOWN("no image of a known kind");

  /** How many bytes of a file {@link #of} wants to see: all it has, up to 512. */
  public static final int HEAD_LENGTH = 512;

  private static final byte[] LIBVIRT = ascii("LibvirtQemudSave");
  private static final byte[] LIBVIRT_PART = ascii("LibvirtQemudPart");
  private static final byte[] QEMU = ascii("QEVM");

  private final String label;

  StreamKind(String label) {
    this.label = label;
  }

  /** The words used in messages, with their article: {@code a libvirt save image}. */
  public String label() {
    return label;
  }

  /**
   * Recognises a file.
   *
   * @param head its first bytes, from the buffer's position to its limit, which stay as they are:
   *     {@link #HEAD_LENGTH} of them, or all if it has fewer. A mapped-ram file whose configuration
   *     does not fit into them is taken for a stream.
   */
  public static StreamKind of(ByteBuffer head) {
    if (!head.hasRemaining()) {
      return EMPTY;
    }
    if (startsWith(head, LIBVIRT)) {
      return LIBVIRT_IMAGE;
    }
    if (startsWith(head, LIBVIRT_PART)) {
      return LIBVIRT_UNFINISHED;
    }
    if (startsWith(head, QEMU)) {
      return listsMappedRam(head) ? QEMU_MAPPED_RAM : QEMU_STREAM;
    }
    return UNKNOWN;
  }

  private static boolean listsMappedRam(ByteBuffer head) {
    Iterator<ByteBuffer> chunks = List.of(head).iterator();
    try {
      StreamInput input = new StreamInput(() -> chunks.hasNext() ? chunks.next() : null);
      return ConfigurationReader.read(input).mappedRam();
    } catch (StillframeException e) {
      // Cut short or damaged: whoever reads on will say so, and where.
      return false;
    }
  }

  private static boolean startsWith(ByteBuffer head, byte[] magic) {
    return head.remaining() >= magic.length
        && head.slice().limit(magic.length).equals(ByteBuffer.wrap(magic));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
