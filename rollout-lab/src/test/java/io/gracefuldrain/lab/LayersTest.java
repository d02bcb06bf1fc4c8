package io.gracefuldrain.lab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.gracefuldrain.lab.probe.CrowdPlan;
import org.junit.jupiter.api.Test;

/** What measures shares no code with what is measured; inside, each floor knows those below it. */
class LayersTest {
  private static final String LAB = "io.gracefuldrain.lab";
  private static final String PROBE = LAB + ".probe";
  private static final String REPORT = LAB + ".report";
  private static final String LOCAL = LAB + ".local";
  private static final String CLUSTER = LAB + ".cluster";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.gracefuldrain");

  @Test
  void lab_knowsOfThisProjectTheJavaClientAlone() {
    noClasses()
        .that()
        .resideInAPackage(LAB + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.gracefuldrain..")
                .and(not(resideInAPackage(LAB + "..")))
                .and(not(resideInAPackage("io.gracefuldrain.client"))))
        .check(CLASSES);
  }

  @Test
  void probe_knowsNothingThatRunsRollouts() {
    knowNot(PROBE, REPORT, LOCAL, CLUSTER);
  }

  @Test
  void report_knowsOfTheProbeWhatItWritesDown() {
    knowNot(REPORT, LOCAL, CLUSTER);
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
  void localAndCluster_doNotKnowEachOther() {
    knowNot(LOCAL, CLUSTER);
    knowNot(CLUSTER, LOCAL);
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
