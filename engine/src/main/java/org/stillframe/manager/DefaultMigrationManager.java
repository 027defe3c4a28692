/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ProgressListener;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Endpoints;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.StreamLoad;
import org.stillframe.guest.StreamSave;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.Targets;

/** The manager: hands each request to its operation, under supervision. */
final class DefaultMigrationManager implements MigrationManager {
  private final SaveOperation save;
  private final RestoreOperation restore;
  private final StreamOperations streams;

  /** Cancels what is running; a new one takes its place for what begins later. */
  private volatile CancelToken running = new CancelToken();

  private volatile boolean closed;

  DefaultMigrationManager(
      SystemCalls system,
      Sockets sockets,
      Targets targets,
      BackendSelector selector,
      GuestConnector guests,
      Endpoints endpoints,
      ChannelScheduler scheduler) {
    ImageMaker maker = new ImageMaker(targets, selector);
    ImageOpener opener = new ImageOpener(targets, selector);
    save = new SaveOperation(guests, maker, new StreamSave(system, sockets, scheduler));
    restore = new RestoreOperation(guests, opener, new StreamLoad(system, sockets, scheduler));
    streams = new StreamOperations(endpoints, maker, opener, scheduler);
  }

  @Override
  public SaveReport save(SaveRequest request, ProgressListener listener)
      throws StillframeException {
    return save.run(request, supervise("save to " + request.target(), request, listener));
  }

  @Override
  public RestoreReport restore(RestoreRequest request, ProgressListener listener)
      throws StillframeException {
    return restore.run(request, supervise("restore from " + request.image(), request, listener));
  }

  @Override
  public ReceiveReport receive(ReceiveRequest request, ProgressListener listener)
      throws StillframeException {
    return streams.receive(request, supervise("receive to " + request.target(), request, listener));
  }

  @Override
  public SendReport send(SendRequest request, ProgressListener listener)
      throws StillframeException {
    return streams.send(request, supervise("send of " + request.image(), request, listener));
  }

  @Override
  public ImageDescription inspect(InspectRequest request, ProgressListener listener)
      throws StillframeException {
    return streams.inspect(request, supervise("look at " + request.image(), request, listener));
  }

  private Supervision supervise(String work, Request request, ProgressListener listener) {
    // In this order: if it is not closed yet, closing it will cancel this token.
    CancelToken token = running;
    if (closed) {
      throw new IllegalStateException("the manager is closed");
    }
    return new Supervision(work, token, request.cancelToken(), request.deadline(), listener);
  }

  @Override
  public void cancel() {
    CancelToken token = running;
    running = new CancelToken();
    token.cancel();
  }

  @Override
  public void close() {
    closed = true;
    cancel();
  }
}
