/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

/** Through the page cache, everything goes as it comes. */
final class WholePieces implements Pieces {
  @Override
  public void next(Request request) {
    request.pieceInPlace(OpenedFiles.MAIN, request.remaining());
  }

  @Override
  public int moved(Request request, int count) {
    return count;
  }
}
