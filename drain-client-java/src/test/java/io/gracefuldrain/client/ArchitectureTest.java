package io.gracefuldrain.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** The rules that the build holds. */
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
        .haveNameNotMatching(
            ".*\\.(DrainAware|AwareSocket|AwareManager|AwareOptions|MoveState|Ready|ReadySocket|Dedupe)")
        .should()
        .notBePublic()
        .check(CLASSES);
  }

  /** A file knows only files below it; nested types count as their file. */
  @Test
  void files_haveNoImportCircle() {
    slices().assignedFrom(new OneSliceAFile()).should().beFreeOfCycles().check(CLASSES);
  }

  private static final class OneSliceAFile implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return SliceIdentifier.of(javaClass.getName().replaceFirst("\\$.*", ""));
    }

    @Override
    public String getDescription() {
      return "one slice a file";
    }
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
