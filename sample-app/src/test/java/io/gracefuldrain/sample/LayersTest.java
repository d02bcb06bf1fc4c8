package io.gracefuldrain.sample;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The libraries as their user sees them, and the sample's packages as they see each other. */
class LayersTest {
  private static final String SAMPLE = "io.gracefuldrain.sample";
  private static final String FRONT = SAMPLE + ".front";
  private static final String DEMO = SAMPLE + ".demo";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.gracefuldrain");

  @Test
  void libraries_knowNeitherTheSampleNorTheBenchmarks() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.gracefuldrain.sample..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.gracefuldrain.sample..", "io.gracefuldrain.benchmarks..")
        .check(CLASSES);
  }

  @Test
  void mainCode_knowsNoHelpersOfTests() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.gracefuldrain.testing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.gracefuldrain.testing")
        .check(CLASSES);
  }

  @Test
  void front_knowsNoOtherPackage() {
    knowNot(FRONT, DEMO);
  }

  @Test
  void commands_areKnownByTheRootAlone() {
    classes()
        .that()
        .haveSimpleNameEndingWith("Command")
        .or()
        .haveSimpleName("SampleApp")
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAPackage(SAMPLE)
        .check(CLASSES.that(resideInAPackage(SAMPLE + "..")));
  }

  @Test
  void serve_knowsNoOtherPackage() {
    noClasses()
        .that()
        .resideInAPackage(SAMPLE)
        .and()
        .doNotHaveSimpleName("SampleApp")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(FRONT, DEMO)
        .check(CLASSES);
  }

  private static void knowNot(String from, String... others) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(CLASSES);
  }
}
