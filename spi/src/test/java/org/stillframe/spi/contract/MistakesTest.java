/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.stillframe.spi.MigrationBackend;

/** The contract notices mistakes. */
@Timeout(120)
class MistakesTest {
  static Stream<Arguments> mistakesAndCases() {
    return Stream.of(
        noticed(Mistake.WRITES_WHOLE_PAGES, Subject::severalQueuesShareThePagesOfAFile),
        noticed(
            Mistake.WRITES_WHOLE_PAGES, subject -> subject.aPageIsWrittenInManyPiecesAtOnce(8192)),
        noticed(Mistake.COUNTS_ONE_LESS, subject -> subject.nothingNeedsToBeAligned(511, 513, 777)),
        noticed(Mistake.COUNTS_ONE_LESS, Subject::behavesAsTheModelOfAFile),
        noticed(
            Mistake.CUTS_OFFSETS_TO_32_BITS,
            subject -> subject.positionsBeyond4GiBAreThemselves(0x1_0000_0001L)),
        noticed(
            Mistake.IGNORES_THE_BUFFERS_POSITION,
            Subject::aWriteCoversPositionToLimitAndLeavesThemAlone),
        noticed(Mistake.IGNORES_THE_BUFFERS_POSITION, Subject::behavesAsTheModelOfAFile),
        noticed(Mistake.CONFUSES_EQUAL_BUFFERS, subject -> subject.thereMayBeManyBuffers(100)),
        noticed(Mistake.HIDES_FAILURES, Subject::aFailureIsThatOfItsRequestAlone),
        noticed(Mistake.HIDES_FAILURES, Subject::eachOutcomeIsThatOfItsTag),
        noticed(
            Mistake.REPEATS_AFTER_A_THROW,
            Subject::whatACompletionThrowsComesOutAndTheOthersFollow),
        noticed(Mistake.DROPS_WHAT_IS_NOT_REAPED, Subject::closingWaitsForWhatIsInFlight));
  }

  private static Arguments noticed(Mistake mistake, Case test) {
    return Arguments.of(mistake, test);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakesAndCases")
  void isNoticed(Mistake mistake, Case test) throws Exception {
    run(Mistake.NONE, test);
    assertThrows(AssertionError.class, () -> run(mistake, test));
  }

  private static void run(Mistake mistake, Case test) throws Exception {
    Subject subject = new Subject(mistake);
    subject.setUpBench();
    try {
      test.run(subject);
    } finally {
      subject.clearBench();
    }
  }

  /** One case of the contract. */
  @FunctionalInterface
  interface Case {
    void run(Subject subject) throws Exception;
  }

  /** The contract, for a backend with a mistake. */
  private static final class Subject extends ThreadedContractTest {
    private final Mistake mistake;

    Subject(Mistake mistake) {
      this.mistake = mistake;
    }

    @Override
    public MigrationBackend newBackend() {
      return new ThreadedBackend(mistake);
    }
  }
}
