package io.gracefuldrain.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the client may know. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.gracefuldrain.client");

  @Test
  void client_dependsOnTheStockClientOnly() {
    classes()
        .that()
        .resideInAPackage("io.gracefuldrain.client")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "io.gracefuldrain.client", "io.socket..", "org.json..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void publicTypes_areTheEntryAndWhatItTakesAndGives() {
    classes()
        .that()
        .resideInAPackage("io.gracefuldrain.client")
        .and()
        .areTopLevelClasses()
        .and()
        .haveNameNotMatching(".*\\.(DrainAware|AwareSocket|AwareOptions|Ready|Dedupe)")
        .should()
        .notBePublic()
        .check(CLASSES);
  }

  @Test
  void timeAndThreads_areOfOneClass() {
    noClasses()
        .that()
        .doNotHaveSimpleName("EventTimers")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, ThreadLocal.class)
        .check(CLASSES);
  }
}
