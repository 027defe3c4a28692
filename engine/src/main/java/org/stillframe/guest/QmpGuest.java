/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Peer;

/** A guest behind a QMP client. */
final class QmpGuest implements Guest {
  /** One name is enough: {@code getfd} closes what an earlier client left under it. */
  private static final String FD_NAME = "stillframe";

  private static final String TYPE_SUFFIX = "-machine";

  private final QmpClient client;
  private final QemuVersion version;
  private final Peer peer;
  private volatile boolean toldToLoad;

  QmpGuest(QmpClient client, QemuVersion version, Peer peer) {
    this.client = client;
    this.version = version;
    this.peer = peer;
  }

  @Override
  public Qmp address() {
    return client.address();
  }

  @Override
  public QemuVersion version() {
    return version;
  }

  @Override
  public GuestStatus status() throws StillframeException {
    QmpAnswer answer = client.execute("query-status", new JsonObject());
    return new GuestStatus(answer.text("status"), answer.flag("running"));
  }

  @Override
  public String machine() throws StillframeException {
    JsonObject property = new JsonObject();
    property.addProperty("path", "/machine");
    property.addProperty("property", "type");
    String type = client.execute("qom-get", property).text();
    return type.endsWith(TYPE_SUFFIX)
        ? type.substring(0, type.length() - TYPE_SUFFIX.length())
        : type;
  }

  @Override
  public UUID uuid() throws StillframeException {
    String text = client.execute("query-uuid", new JsonObject()).text("UUID");
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new GuestException(
          ErrorCode.GUEST,
          "QMP at " + address(),
          "query-uuid answered '" + text + "'",
          "look at QEMU's own messages",
          e);
    }
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public List<HostRam> ram() throws StillframeException {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("command-line", "info ramblock");
    return HostRam.parse(client.execute("human-monitor-command", arguments).text());
  }

  @Override
  public Set<String> memoryDevices() throws StillframeException {
    Set<String> kinds = new TreeSet<>();
    for (QmpAnswer device : client.execute("query-memory-devices", new JsonObject()).list()) {
      kinds.add(device.text("type"));
    }
    return kinds;
  }

  @Override
  public void saveDevices(DescriptorSet file) throws StillframeException {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("filename", path(file));
    arguments.addProperty("live", false);
    client.execute("xen-save-devices-state", arguments);
  }

  @Override
  public long baseMemory() throws StillframeException {
    return client.execute("query-memory-size-summary", new JsonObject()).number("base-memory");
  }

  @Override
  public Map<String, Long> memoryBackends() throws StillframeException {
    Map<String, Long> sizes = new HashMap<>();
    for (QmpAnswer backend : client.execute("query-memdev", new JsonObject()).list()) {
      // One without a name backs no block that could be told of.
      if (backend.member("id").isPresent()) {
        sizes.put(backend.text("id"), backend.number("size"));
      }
    }
    return sizes;
  }

  @Override
  public MigrationProgress migration() throws StillframeException {
    return MigrationProgress.of(client.execute("query-migrate", new JsonObject()));
  }

  @Override
  public SettingsScope apply(MigrationSettings settings) throws StillframeException {
    MigrationProgress present = migration();
    if (present.isRunning()) {
      throw new GuestException(
          ErrorCode.GUEST,
          "cannot change the migration settings of QEMU at " + address(),
          "a migration is under way there, its status is " + present.status(),
          "wait for its end, or cancel it");
    }
    return AppliedSettings.apply(client, settings);
  }

  @Override
  public void migrateTo(Descriptor socket) throws StillframeException {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("uri", "fd:" + FD_NAME);
    withDescriptor(socket, () -> client.execute("migrate", arguments));
  }

  @Override
  public void migrateTo(Path socket) throws StillframeException {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("uri", "unix:" + socket);
    client.execute("migrate", arguments);
  }

  @Override
  public void loadFrom(Descriptor socket) throws StillframeException {
    withDescriptor(socket, () -> loadFrom("fd:" + FD_NAME));
  }

  @Override
  public void loadFrom(Path socket) throws StillframeException {
    loadFrom("unix:" + socket);
  }

  @Override
  public void loadFrom(DescriptorSet file) throws StillframeException {
    loadFrom(uri(file));
  }

  @Override
  public boolean toldToLoad() {
    return toldToLoad;
  }

  private void loadFrom(String uri) throws StillframeException {
    // Before QEMU answers: where the answer is lost, it may be loading.
    toldToLoad = true;
    JsonObject arguments = new JsonObject();
    arguments.addProperty("uri", uri);
    JsonObject staying = arguments.deepCopy();
    staying.addProperty("exit-on-error", false);
    try {
      client.execute("migrate-incoming", staying);
    } catch (QmpError e) {
      // A QEMU that does not know the argument names it and has not begun.
      if (!e.why().contains("exit-on-error")) {
        throw e;
      }
      client.execute("migrate-incoming", arguments);
    }
  }

  @Override
  public DescriptorSet pass(List<Descriptor> descriptors) throws StillframeException {
    return QmpDescriptorSet.pass(client, descriptors);
  }

  @Override
  public void leaveNote(String text, Descriptor any) throws StillframeException {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("opaque", text);
    client.executeUninterrupted("add-fd", arguments, any);
  }

  @Override
  public Map<Long, String> notes() throws StillframeException {
    Map<Long, String> notes = new HashMap<>();
    for (QmpAnswer set : client.executeUninterrupted("query-fdsets", new JsonObject()).list()) {
      for (QmpAnswer descriptor : set.required("fds").list()) {
        if (descriptor.member("opaque").isPresent()) {
          notes.put(set.number("fdset-id"), descriptor.text("opaque"));
        }
      }
    }
    return notes;
  }

  @Override
  public void removeNote(long number) throws StillframeException {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("fdset-id", number);
    client.executeUninterrupted("remove-fd", arguments);
  }

  @Override
  public void migrateTo(DescriptorSet file) throws StillframeException {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("uri", uri(file));
    client.execute("migrate", arguments);
  }

  private static String uri(DescriptorSet file) {
    return "file:" + path(file);
  }

  private static String path(DescriptorSet file) {
    return "/dev/fdset/" + file.number();
  }

  private interface Start {
    void run() throws StillframeException;
  }

  private void withDescriptor(Descriptor socket, Start start) throws StillframeException {
    try {
      client.execute("getfd", named(), socket);
      start.run();
    } catch (QmpError | CancelledException e) {
      try {
        client.executeUninterrupted("closefd", named());
      } catch (QmpError alreadyTaken) {
        // The migration has it, or getfd never had: there is nothing left to close.
      } catch (StillframeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static JsonObject named() {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("fdname", FD_NAME);
    return arguments;
  }

  @Override
  public void cancelMigration() throws StillframeException {
    client.executeUninterrupted("migrate_cancel", new JsonObject());
  }

  @Override
  public Optional<GuestEvent> awaitEvent(Duration timeout) throws StillframeException {
    return client.awaitEvent(timeout);
  }

  @Override
  public void pause() throws StillframeException {
    client.executeUninterrupted("stop", new JsonObject());
  }

  @Override
  public void resume() throws StillframeException {
    client.executeUninterrupted("cont", new JsonObject());
  }

  @Override
  public void quit() throws StillframeException {
    try {
      client.execute("quit", new JsonObject());
    } catch (QmpError e) {
      throw e;
    } catch (GuestException e) {
      if (client.connected()) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
