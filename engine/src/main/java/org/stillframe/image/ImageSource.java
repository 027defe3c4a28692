/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import java.util.OptionalLong;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Target;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.OrderedSource;
import org.stillframe.stream.StreamHead;

/** An image of any layout that is read. Used by one thread after another. */
public interface ImageSource extends Playable {
  /** Where it is, with the open descriptor. */
  Target target();

  /** Whether pages have places of their own, so that several channels can take them at once. */
  boolean placesPages();

  /** Of which layout it is. */
  ImageSources.Found layout();

  /** Whether it can be read more than once: not out of a pipe or a socket. */
  boolean staysThere();

  /**
   * Looks at what can be looked at quickly, so that what is no image or was cut is told before a
   * QEMU is asked to load it.
   */
  void check() throws StillframeException;

  /** How many bytes will be moved when it is read, as far as {@link #check} has told. */
  OptionalLong expectedBytes();

  /**
   * What is to be done to store the image as another, of any layout: stages, each of which begins
   * when the one before has ended well, and consists of channels that run at once.
   *
   * @param channels how many at the most, 1 or more
   */
  List<List<ChannelTask>> conversion(ImageSink sink, int channels, TransferCounter counter);

  /** Takes a guest in the way that the layout allows. */
  interface Outlet {
    /** Takes it in a main stream and several channels of pages. */
    void from(MultifdSource source) throws StillframeException;

    /** Takes it in the order of a stream. */
    void inOrder(OrderedSource source) throws StillframeException;
  }

  /**
   * Gives what the image holds: in several channels at once if its layout has places for pages, in
   * its order if not.
   */
  void feed(Outlet outlet) throws StillframeException;

  /** Looks at all that tells what is in the image. */
  void scan(TransferCounter counter) throws StillframeException;

  /**
   * The machine and the list of RAM, read quickly: pages and devices are not looked at.
   *
   * @throws org.stillframe.error.DamagedException if it does not begin as an image does
   */
  StreamHead head() throws StillframeException;
}
