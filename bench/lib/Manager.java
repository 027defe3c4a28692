/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
import com.google.gson.JsonObject;
import com.google.inject.Guice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Qmp;
import org.stillframe.guice.StillframeModule;
import org.stillframe.manager.AfterRestore;
import org.stillframe.manager.Layout;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.RestoreMode;
import org.stillframe.manager.RestoreReport;
import org.stillframe.manager.RestoreRequest;
import org.stillframe.manager.Route;
import org.stillframe.manager.SaveReport;
import org.stillframe.manager.SaveRequest;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;

/**
 * A manager that lives on, for bench/side-by-side: one {@link MigrationManager}, injected once,
 * that saves and restores guests when it is asked to.
 *
 * <p>Reads a request a line from standard input, its words separated by tabs, until there are no
 * more:
 *
 * <pre>
 * save     SOCKET TARGET ROUTE CHANNELS
 * restore  SOCKET IMAGE  ROUTE CHANNELS
 * instant  SOCKET IMAGE
 * </pre>
 *
 * <p>Answers each with one line of JSON: what the command's {@code --json} tells of time, processor
 * time, backend and guest, under the same names, and {@code callMillis}, from the call to its
 * return by the caller's clock; or {@code error} alone. The first line says that it is ready.
 */
public final class Manager {
  private static final double NANOS_PER_MILLI = 1e6;

  private final MigrationManager manager;

  private Manager(MigrationManager manager) {
    this.manager = manager;
  }

  public static void main(String[] arguments) throws IOException {
    try (MigrationManager manager =
        Guice.createInjector(new StillframeModule()).getInstance(MigrationManager.class)) {
      new Manager(manager).serve();
    }
  }

  private void serve() throws IOException {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonObject answer;
      try {
        answer = answer(line.split("\t"));
      } catch (StillframeException | RuntimeException e) {
        answer = new JsonObject();
        answer.addProperty("error", e.toString());
      }
      System.out.println(answer);
      System.out.flush();
    }
  }

  private JsonObject answer(String[] words) throws StillframeException {
    Qmp guest = Qmp.at(Path.of(words[1]));
    TargetUri image = TargetUri.parse(words[2]);
    return switch (words[0]) {
      case "save" ->
          save(
              SaveRequest.builder(guest, image)
                  .layout(Layout.MAPPED)
                  .replace(true)
                  .capabilities(Capability.BYPASS_CACHE)
                  .route(Route.valueOf(words[3].toUpperCase(Locale.ROOT)))
                  .channels(Integer.parseInt(words[4]))
                  .build());
      case "restore" ->
          restore(
              RestoreRequest.builder(guest, image)
                  .capabilities(Capability.BYPASS_CACHE)
                  .route(Route.valueOf(words[3].toUpperCase(Locale.ROOT)))
                  .channels(Integer.parseInt(words[4]))
                  .build());
      case "instant" ->
          restore(
              RestoreRequest.builder(guest, image)
                  .mode(RestoreMode.INSTANT)
                  .afterwards(AfterRestore.RUN)
                  .build());
      default -> throw new IllegalArgumentException("no such request: " + words[0]);
    };
  }

  private JsonObject save(SaveRequest request) throws StillframeException {
    long begin = System.nanoTime();
    SaveReport report = manager.save(request, progress -> {});
    JsonObject answer = since(begin);
    answer.addProperty("transferMillis", report.image().transfer().toMillis());
    answer.addProperty("syncMillis", report.image().sync().toMillis());
    report.stoodStill().ifPresent(t -> answer.addProperty("stoodStillMillis", t.toMillis()));
    answer.addProperty("cpuMillis", report.processorTime().toMillis());
    answer.addProperty("backend", report.image().backend());
    answer.addProperty("guestStatus", report.guestStatus());
    return answer;
  }

  private JsonObject restore(RestoreRequest request) throws StillframeException {
    long begin = System.nanoTime();
    RestoreReport report = manager.restore(request, progress -> {});
    JsonObject answer = since(begin);
    answer.addProperty("elapsedMillis", report.elapsed().toMillis());
    answer.addProperty("cpuMillis", report.processorTime().toMillis());
    answer.addProperty("backend", report.backend());
    answer.addProperty("guestStatus", report.guestStatus());
    return answer;
  }

  private static JsonObject since(long begin) {
    JsonObject answer = new JsonObject();
    answer.addProperty("callMillis", (System.nanoTime() - begin) / NANOS_PER_MILLI);
    return answer;
  }
}
