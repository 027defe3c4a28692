/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.Gson;
import java.io.IOException;
import java.util.Set;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;

/** Backends that are packed into jars and dropped in; each but the first is broken in one way. */
public final class PluginSamples {
  private PluginSamples() {}

  /** Outranks all others and opens nothing. */
  public static class Sound implements MigrationBackend {
    /** For ServiceLoader. */
    public Sound() {}

    @Override
    public String name() {
      return "sample";
    }

    @Override
    public int spiVersion() {
      return SPI_VERSION;
    }

    @Override
    public Appraisal appraise(Target target, Set<Capability> wanted) {
      return Appraisal.accepted(100, "it is a sample");
    }

    @Override
    public StateFile open(Target target, OpenMode mode, Set<Capability> wanted) throws IOException {
      boolean own = Thread.currentThread().getContextClassLoader() == getClass().getClassLoader();
      throw new IOException("the sample opens nothing; context is its own: " + own);
    }
  }

  /** Has the name of another. */
  public static final class Twin extends Sound {
    /** For ServiceLoader. */
    public Twin() {}
  }

  /** Has a name that the distribution has. */
  public static final class Impostor extends Sound {
    /** For ServiceLoader. */
    public Impostor() {}

    @Override
    public String name() {
      return "posix";
    }
  }

  /** Was made for the next version. */
  public static final class Future extends Sound {
    /** For ServiceLoader. */
    public Future() {}

    @Override
    public int spiVersion() {
      return SPI_VERSION + 1;
    }
  }

  /** Cannot be made. */
  public static final class Unwilling extends Sound {
    /** Fails. */
    public Unwilling() {
      throw new IllegalStateException("not today");
    }
  }

  /** Loads a library too early. */
  public static final class Unlinked extends Sound {
    /** Fails. */
    public Unlinked() {
      System.loadLibrary("stillframe-nowhere");
    }
  }

  /** Needs a library to say its name. */
  public static final class Nameless extends Sound {
    /** For ServiceLoader. */
    public Nameless() {}

    @Override
    public String name() {
      System.loadLibrary("stillframe-nowhere");
      return "nameless";
    }
  }

  /** Uses a class that the application has and its folder has not. */
  public static final class Greedy extends Sound {
    /** For ServiceLoader. */
    public Greedy() {}

    @Override
    public Appraisal appraise(Target target, Set<Capability> wanted) {
      return Appraisal.accepted(100, new Gson().toJson("none"));
    }
  }

  /** Finds out too late that it has no library. */
  public static final class Late extends Sound {
    /** For ServiceLoader. */
    public Late() {}

    @Override
    public StateFile open(Target target, OpenMode mode, Set<Capability> wanted) {
      System.loadLibrary("stillframe-nowhere");
      return null;
    }
  }

  /** Has a mistake in it. */
  public static final class Mistaken extends Sound {
    /** For ServiceLoader. */
    public Mistaken() {}

    @Override
    public StateFile open(Target target, OpenMode mode, Set<Capability> wanted) {
      throw new AssertionError("never thought of");
    }
  }
}
