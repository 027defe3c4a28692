/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Guests whose memory is mapped from an image, as the command says that it is to be. */
final class InstantGuests {
  private final Guests guests;

  InstantGuests(Path directory) throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
  }

  Guests plain() {
    return guests;
  }

  /** Starts a guest of a machine type and waits until it has verified its memory. */
  QemuProcess running(String machine) throws IOException {
    return Guests.verified(guests.qemu(QemuVersions.QEMU_10, "source").machine(machine));
  }

  /** Saves a guest that runs in the meantime. */
  Path saved(Path image, String... options) throws IOException {
    try (QemuProcess qemu = running("q35")) {
      CommandRun.save(qemu.qmpSocket(), image, options).done();
    }
    return image;
  }

  /** What the command says to start QEMU with. */
  static List<String> arguments(Path image) {
    List<String> words = new ArrayList<>();
    for (JsonElement word :
        CommandRun.of("qemu-args", image, "--mode", "instant", "--json")
            .done()
            .json()
            .getAsJsonArray("arguments")) {
      words.add(word.getAsString());
    }
    return words;
  }

  /** A QEMU that waits with these arguments, after which others may come. */
  QemuProcess waiting(String name, List<String> arguments, String... more) throws IOException {
    QemuBuilder qemu = guests.qemu(QemuVersions.QEMU_10, name);
    return qemu.args(arguments.toArray(String[]::new)).args(more).start();
  }

  /** Restores at once into a QEMU that was started for it. */
  QemuProcess restored(String name, Path image, String... options) throws IOException {
    QemuProcess qemu = waiting(name, arguments(image));
    try {
      restore(qemu, image, options).done();
      return qemu;
    } catch (AssertionError | RuntimeException e) {
      qemu.close();
      throw e;
    }
  }

  static CommandRun restore(QemuProcess qemu, Path image, String... options) {
    List<String> all = new ArrayList<>(List.of("--mode", "instant", "--json"));
    all.addAll(List.of(options));
    return CommandRun.restore(qemu.qmpSocket(), image, all.toArray(String[]::new));
  }

  static String status(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.status();
    }
  }

  /** What the command says of the block that is main memory. */
  static JsonObject mainMemory(Path image) {
    JsonObject contents = CommandRun.of("inspect", image, "--json").done().json();
    for (JsonElement block : contents.getAsJsonObject("contents").getAsJsonArray("blocks")) {
      if (block.getAsJsonObject().get("name").getAsString().equals("pc.ram")) {
        return block.getAsJsonObject();
      }
    }
    throw new AssertionError("no pc.ram in " + contents);
  }

  static String digest(Path file) throws IOException {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
