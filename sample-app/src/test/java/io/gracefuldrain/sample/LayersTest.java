package io.gracefuldrain.sample;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.gracefuldrain.sample.probe.CrowdPlan;
import org.junit.jupiter.api.Test;

/** The libraries as their user sees them, and the sample's packages as they see each other. */
class LayersTest {
  private static final String SAMPLE = "io.gracefuldrain.sample";
  private static final String FRONT = SAMPLE + ".front";
  private static final String PROBE = SAMPLE + ".probe";
  private static final String REPORT = SAMPLE + ".report";
  private static final String LAB = SAMPLE + ".lab";
  private static final String VERIFY = SAMPLE + ".verify";
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
  void frontAndProbe_knowNoOtherPackage() {
    knowNot(FRONT, PROBE, REPORT, LAB, VERIFY, DEMO);
    knowNot(PROBE, FRONT, REPORT, LAB, VERIFY, DEMO);
  }

  @Test
  void report_knowsOfTheProbeWhatItWritesDown() {
    knowNot(REPORT, FRONT, LAB, VERIFY, DEMO);
    noClasses()
        .that()
        .resideInAPackage(REPORT)
        .should()
        .dependOnClassesThat(
            resideInAPackage(PROBE)
                .and(
                    not(assignableTo(Record.class).or(assignableTo(Enum.class)))
                        .or(belongToAnyOf(CrowdPlan.class))))
        .check(CLASSES);
  }

  @Test
  void labAndVerify_doNotKnowEachOther() {
    knowNot(LAB, VERIFY, DEMO);
    knowNot(VERIFY, LAB, FRONT, DEMO);
  }

  @Test
  void demo_knowsTheFrontAndTheLabsProcesses() {
    knowNot(DEMO, PROBE, REPORT, VERIFY);
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
        .resideInAnyPackage(FRONT, PROBE, REPORT, LAB, VERIFY, DEMO)
        .check(CLASSES);
  }

  /** A package that is not there yet knows nothing. */
  private static void knowNot(String from, String... others) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .allowEmptyShould(from.equals(VERIFY))
        .check(CLASSES);
  }
}
