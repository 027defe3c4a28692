/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;

/** Chooses the backend for a target: the one asked for, or the accepted one of highest rank. */
public final class BackendSelector {
  /** The system property that forces a backend by its name. */
  public static final String PROPERTY = "stillframe.backend";

  private final BackendRegistry registry;
  private final Optional<String> preset;

  /**
   * Makes a selector.
   *
   * @param preset the name that is forced where a request names none, as {@link #PROPERTY} does
   */
  public BackendSelector(BackendRegistry registry, Optional<String> preset) {
    this.registry = registry;
    this.preset = preset.filter(name -> !name.isBlank());
  }

  /**
   * What every backend says of a target, in the order of their names; with a forced name, that one
   * alone.
   *
   * @throws RequestException INVALID_REQUEST if there is no backend of the forced name, UNSUPPORTED
   *     if one of them is broken
   */
  public List<BackendChoice> appraise(Target target, Set<Capability> wanted, Optional<String> asked)
      throws RequestException {
    Optional<String> forced = forced(asked);
    List<BackendChoice> answers = new ArrayList<>();
    if (forced.isPresent()) {
      MigrationBackend backend = registry.named(forced.get());
      answers.add(new BackendChoice(backend, ask(backend, target, wanted), true));
      return answers;
    }
    for (MigrationBackend backend : registry.all()) {
      answers.add(new BackendChoice(backend, ask(backend, target, wanted), false));
    }
    return answers;
  }

  /**
   * What every backend says of a target, whether one is forced or not, and which one {@link
   * #select} would give. A backend that is broken counts as one that refuses.
   */
  public BackendSurvey survey(Target target, Set<Capability> wanted, Optional<String> asked) {
    Optional<String> forced = forced(asked);
    List<BackendChoice> answers = new ArrayList<>();
    for (MigrationBackend backend : registry.all()) {
      Appraisal answer;
      try {
        answer = ask(backend, target, wanted);
      } catch (RequestException e) {
        answer = Appraisal.refused(e.getMessage());
      }
      boolean named = forced.filter(backend.name()::equals).isPresent();
      answers.add(new BackendChoice(backend, answer, named));
    }
    Optional<BackendChoice> chosen = Optional.empty();
    Optional<RequestException> refusal = Optional.empty();
    try {
      chosen = Optional.of(select(target, wanted, asked));
    } catch (RequestException e) {
      refusal = Optional.of(e);
    }
    return new BackendSurvey(List.copyOf(answers), basis(asked), chosen, refusal);
  }

  /** All backends, in the order of their names. */
  public Collection<MigrationBackend> installed() {
    return registry.all();
  }

  /**
   * The backend that is forced, by the request or else by the preset; empty if none is.
   *
   * @throws RequestException INVALID_REQUEST if there is none of the forced name
   */
  public Optional<MigrationBackend> forcedBackend(Optional<String> asked) throws RequestException {
    Optional<String> name = forced(asked);
    return name.isPresent() ? Optional.of(registry.named(name.get())) : Optional.empty();
  }

  /** What decides for a request that forces this name, if any. */
  public ChoiceBasis basis(Optional<String> asked) {
    return asked.isPresent()
        ? ChoiceBasis.REQUEST
        : preset.isPresent() ? ChoiceBasis.PROPERTY : ChoiceBasis.RANK;
  }

  private Optional<String> forced(Optional<String> asked) {
    return asked.or(() -> preset);
  }

  /** A backend that fails where it is to answer is broken: it is named, not passed over. */
  private static Appraisal ask(MigrationBackend backend, Target target, Set<Capability> wanted)
      throws RequestException {
    Appraisal answer;
    try {
      answer =
          ContextLoader.with(
              backend.getClass().getClassLoader(), () -> backend.appraise(target, wanted));
    } catch (RuntimeException | LinkageError e) {
      throw BackendFaults.thrown(
          BackendFaults.describe(backend), "it has no answer for " + target, e);
    }
    if (answer == null) {
      throw BackendFaults.refused(
          BackendFaults.describe(backend),
          "it has no answer for " + target,
          "repair or remove its jar",
          null);
    }
    return answer;
  }

  /**
   * Chooses.
   *
   * @param asked the name that the request forces, if any
   * @throws RequestException UNSUPPORTED if none accepts; the message carries every reason
   */
  public BackendChoice select(Target target, Set<Capability> wanted, Optional<String> asked)
      throws RequestException {
    Optional<MigrationBackend> forced = forcedBackend(asked);
    if (forced.isPresent()) {
      Appraisal answer = ask(forced.get(), target, wanted);
      if (!answer.isAccepted()) {
        throw refused(target, wanted, Map.of(forced.get().name(), answer.reason()));
      }
      return new BackendChoice(forced.get(), answer, true);
    }
    return best(target, wanted);
  }

  /** Asks who could have the highest rank first, so that who cannot have it need not be asked. */
  private BackendChoice best(Target target, Set<Capability> wanted) throws RequestException {
    List<MigrationBackend> backends = new ArrayList<>(registry.all());
    backends.sort(Comparator.comparingInt(BackendSelector::highestRank).reversed());
    Map<String, String> reasons = new TreeMap<>();
    BackendChoice best = null;
    for (MigrationBackend backend : backends) {
      if (best != null && highestRank(backend) < best.appraisal().rank()) {
        break;
      }
      Appraisal answer = ask(backend, target, wanted);
      if (!answer.isAutomatic()) {
        reasons.put(backend.name(), answer.reason());
      } else if (best == null || isBetter(backend, answer, best)) {
        best = new BackendChoice(backend, answer, false);
      }
    }
    if (best == null) {
      throw refused(target, wanted, reasons);
    }
    return best;
  }

  private static int highestRank(MigrationBackend backend) {
    return backend.highestRank().orElse(Integer.MAX_VALUE);
  }

  /** Among equals the first by name is better. */
  private static boolean isBetter(MigrationBackend backend, Appraisal answer, BackendChoice other) {
    int more = answer.rank() - other.appraisal().rank();
    return more > 0 || more == 0 && backend.name().compareTo(other.backend().name()) < 0;
  }

  private static RequestException refused(
      Target target, Set<Capability> wanted, Map<String, String> reasons) {
    List<String> all = new ArrayList<>();
    reasons.forEach((name, reason) -> all.add(name + " says: " + reason));
    return new RequestException(
        ErrorCode.UNSUPPORTED,
        target + (wanted.isEmpty() ? "" : " with " + wanted),
        all.isEmpty() ? "no storage backend is installed" : String.join(", ", all),
        "choose another target or backend, or ask for less");
  }
}
