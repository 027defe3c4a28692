/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Target;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.StreamInput;

/** An image in the making, of any layout. Used by one thread after another. */
public interface ImageSink {
  /** Where it is made, with the open descriptor. */
  Target target();

  /** Whether pages have places of their own, so that several channels can bring them at once. */
  boolean placesPages();

  /**
   * Takes a stream until its end, and stores what it holds.
   *
   * @param throttle how fast it is taken
   * @throws org.stillframe.error.DamagedException if it was not whole
   */
  void record(StreamFeed source, TransferCounter counter, Throttle throttle)
      throws StillframeException;

  /**
   * As {@link #record}, but from chunks that are used where they are. What is wrong with the stream
   * is told without the name of this image.
   *
   * @return what the stream held
   */
  ImageSummary store(StreamInput.Supply source) throws StillframeException;

  /**
   * What is to be done to store what a mapped image holds, in stages as {@link
   * ImageSource#conversion} has them; the image was checked.
   */
  List<List<ChannelTask>> conversion(MappedSource source, int channels, TransferCounter counter);

  /** Brings a guest in a main stream and several channels of pages. */
  @FunctionalInterface
  interface Intake {
    /**
     * Brings all of it.
     *
     * @return what the main stream held
     */
    ImageSummary into(MultifdSink sink) throws StillframeException;
  }

  /**
   * Takes a guest in several channels at once, and stores what they bring.
   *
   * @throws org.stillframe.error.RequestException UNSUPPORTED if its layout has no fixed places for
   *     pages
   */
  void record(Intake intake) throws StillframeException;

  /** Makes all of it durable: after this it is an image, and not before. */
  void settle() throws StillframeException;

  /**
   * How many bytes will be moved, as far as the stream has told by now; 0 if it has told nothing.
   * May be asked by any thread.
   */
  long expectedBytes();

  /**
   * What the image holds.
   *
   * @throws IllegalStateException before {@link #record} or {@link #store} has returned, or the
   *     last stage of a conversion has ended
   */
  ImageSummary summary();
}
