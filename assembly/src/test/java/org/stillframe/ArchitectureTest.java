/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What may use what. The order of {@link #FLOORS} is the design; the rest follows from it. */
class ArchitectureTest {
  private static final String ROOT = "org.stillframe.";

  /** The packages of the engine, from the top; each uses those after it and the SPI. */
  private static final List<String> FLOORS =
      List.of(
          "manager",
          "benchmark",
          "guest",
          "image",
          "stream",
          "channel",
          "backend",
          "target",
          "system",
          "error");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.stillframe");

  private static String[] packages(List<String> names) {
    return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
  }

  private static GivenClassesConjunction noClassOutside(String... names) {
    return noClasses()
        .that()
        .resideInAPackage("org.stillframe..")
        .and()
        .resideOutsideOfPackages(packages(List.of(names)));
  }

  @Test
  void theFloorsAreAllThatTheEngineHas() {
    Set<String> known = new TreeSet<>(FLOORS);
    known.addAll(Set.of("spi", "spi.support", "cli", "chart", "guice"));
    known.addAll(Set.of("backend.posix", "backend.odirect", "backend.uring", "backend.tmpfs"));
    Set<String> found =
        MAIN.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(known, found);
  }

  @Test
  void eachFloorUsesOnlyThoseUnderIt() {
    for (int i = 1; i < FLOORS.size(); i++) {
      floor(i).check(MAIN);
    }
  }

  /** No class of a floor uses one above it, or the command, Guice or a concrete backend. */
  private static ArchRule floor(int index) {
    return noClasses()
        .that()
        .resideInAPackage(ROOT + FLOORS.get(index))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(FLOORS.subList(0, index)));
  }

  @Test
  void theRuleOfTheFloorsBites() {
    ArchRule upsideDown =
        noClasses()
            .that()
            .resideInAPackage(ROOT + "manager")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(packages(List.of("guest")));
    assertThrows(AssertionError.class, () -> upsideDown.check(MAIN));
  }

  @Test
  void theEngineKnowsNeitherTheCommandNorGuiceNorAnyConcreteBackend() {
    noClasses()
        .that()
        .resideInAnyPackage(FLOORS.stream().map(ROOT::concat).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "cli..",
            ROOT + "chart..",
            ROOT + "guice..",
            ROOT + "backend.*..",
            ROOT + "spi.support..",
            "com.google.inject..",
            "picocli..")
        .check(MAIN);
  }

  @Test
  void theSpiDependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage(ROOT + "spi")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", ROOT + "spi")
        .check(MAIN);
    classes()
        .that()
        .resideInAPackage(ROOT + "spi.support")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", ROOT + "spi..")
        .check(MAIN);
  }

  @Test
  void aBackendSeesTheSpiAndNoEngine() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "backend.*..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("org.stillframe..")
                .and(
                    JavaClass.Predicates.resideOutsideOfPackages(
                        ROOT + "spi..", ROOT + "backend.*..")))
        .check(MAIN);
  }

  @Test
  void noBackendKnowsAnother() {
    slices().matching("org.stillframe.backend.(*)..").should().notDependOnEachOther().check(MAIN);
  }

  @Test
  void thereAreNoCyclesBetweenPackages() {
    slices().matching("org.stillframe.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void onlySystemAndTheBackendsCallNativeLibraries() {
    noClassOutside("system", "backend.*")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jnr..", "com.sun.jna..")
        .check(MAIN);
  }

  @Test
  void onlyThoseWhoSpeakJsonKnowGson() {
    noClassOutside("guest", "stream", "cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.gson..")
        .check(MAIN);
  }

  @Test
  void onlyTheChartsKnowAwt() {
    noClassOutside("chart")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..")
        .check(MAIN);
  }

  @Test
  void onlyTheCommandEndsTheProcessOrHooksItsEnd() {
    GivenClassesConjunction library = noClassOutside("cli");
    library.should().callMethod(System.class, "exit", int.class).check(MAIN);
    library.should().callMethod(Runtime.class, "exit", int.class).check(MAIN);
    library.should().callMethod(Runtime.class, "halt", int.class).check(MAIN);
    library.should().callMethod(Runtime.class, "addShutdownHook", Thread.class).check(MAIN);
  }

  @Test
  void nobodyUsesJavaUtilLogging() {
    noClassOutside()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .check(MAIN);
  }

  @Test
  void onlyTheCommandWritesToTheStandardStreams() {
    GivenClassesConjunction library = noClassOutside("cli");
    library.should().accessField(System.class, "out").check(MAIN);
    library.should().accessField(System.class, "err").check(MAIN);
  }

  @Test
  void thereIsNoStaticState() {
    assertTrue(MAIN.stream().anyMatch(c -> c.getPackageName().equals(ROOT + "channel")));
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("org.stillframe..")
        .and()
        .areStatic()
        .should()
        .beFinal()
        .andShould(beConstant())
        .check(MAIN);
  }

  private static final Set<String> MUTABLE =
      Set.of(
          "java.util.concurrent.atomic",
          "java.util.concurrent",
          "java.util.concurrent.locks",
          "java.nio.channels");

  /** A final field whose type is made to be changed is state all the same. */
  private static ArchCondition<JavaField> beConstant() {
    return new ArchCondition<>("not hold a type that is made to be changed") {
      @Override
      public void check(JavaField field, ConditionEvents events) {
        if (MUTABLE.contains(field.getRawType().getPackageName())
            || field.getRawType().isAssignableTo(Thread.class)
            || field.getRawType().isAssignableTo(ThreadLocal.class)) {
          events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is state"));
        }
      }
    };
  }
}
