/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import org.stillframe.error.StillframeException;
import org.stillframe.system.Descriptor;

/** A set of descriptors behind a QMP client. */
final class QmpDescriptorSet implements DescriptorSet {
  /** How the text begins that tells whose a set is; its process follows. */
  static final String GIVEN = "given by stillframe, ";

  private static final String SET = "fdset-id";

  private final QmpClient client;
  private final long number;
  private boolean closed;

  private QmpDescriptorSet(QmpClient client, long number) {
    this.client = client;
    this.number = number;
  }

  /** Passes descriptors, at least one, as a new set. */
  static QmpDescriptorSet pass(QmpClient client, List<Descriptor> descriptors)
      throws StillframeException {
    // QEMU gives a set that is not named a free number. An interrupt does not keep us from hearing
    // it: a set whose number is not known could not be removed.
    JsonObject described = new JsonObject();
    described.addProperty("opaque", owner());
    QmpAnswer first = client.executeUninterrupted("add-fd", described, descriptors.get(0));
    first.required(SET);
    QmpDescriptorSet set = new QmpDescriptorSet(client, first.number(SET));
    try {
      described.addProperty(SET, set.number);
      for (Descriptor further : descriptors.subList(1, descriptors.size())) {
        client.executeUninterrupted("add-fd", described, further);
      }
    } catch (StillframeException e) {
      try {
        set.close();
      } catch (StillframeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    return set;
  }

  /** A set outlives its process where that is killed: others must know that nobody needs it. */
  private static String owner() {
    try {
      return GIVEN + ProcessName.self();
    } catch (IOException e) {
      return "stillframe";
    }
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public void close() throws StillframeException {
    if (closed) {
      return;
    }
    closed = true;
    JsonObject arguments = new JsonObject();
    arguments.addProperty(SET, number);
    client.executeUninterrupted("remove-fd", arguments);
  }
}
