package io.gracefuldrain.sample;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The libraries as their user sees them, and the sample's packages as they see each other. */
class LayersTest {
  private static final String SAMPLE = "io.gracefuldrain.sample";
  private static final String SERVER = SAMPLE + ".server";
  private static final String PAGE = SAMPLE + ".page";
  private static final String FRONT = SAMPLE + ".front";
  private static final String DEMO = SAMPLE + ".demo";
  private static final String PLAN = SAMPLE + ".plan";
  private static final String OPTIONS = SAMPLE + ".options";
  private static final String LAB = "io.gracefuldrain.lab";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.gracefuldrain");
  private static final JavaClasses OURS = CLASSES.that(resideInAPackage(SAMPLE + ".."));

  @Test
  void libraries_knowNeitherTheSampleNorTheBenchmarks() {
    noClasses()
        .that()
        .resideOutsideOfPackage(SAMPLE + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SAMPLE + "..", "io.gracefuldrain.benchmarks..")
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
  void options_knowNoOtherPackage() {
    knowsOnly(OPTIONS);
  }

  @Test
  void page_knowsNoOtherPackage() {
    knowsOnly(PAGE);
  }

  @Test
  void server_knowsItsPageAndOptions() {
    knowsOnly(SERVER, PAGE, OPTIONS);
  }

  @Test
  void front_knowsOptions() {
    knowsOnly(FRONT, OPTIONS);
  }

  @Test
  void demo_knowsTheFrontAndOptions() {
    knowsOnly(DEMO, FRONT, OPTIONS);
  }

  @Test
  void plan_knowsNoOtherPackage() {
    knowsOnly(PLAN);
  }

  @Test
  void packages_knowEachOtherOneWayOnly() {
    slices().matching(SAMPLE + ".(*)").should().beFreeOfCycles().check(OURS);
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
        .check(OURS);
  }

  @Test
  void serversToCopy_knowTheLibrariesAlone() {
    noClasses()
        .that()
        .haveSimpleName("MinimalServer")
        .or()
        .haveSimpleName("PlainNettyServer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SERVER, PAGE, FRONT, DEMO, OPTIONS, LAB + "..")
        .check(OURS);
  }

  /** Only the root lists the commands that measure; all others use the tools below them. */
  @Test
  void lab_isKnownByItsCommandsAndByItsToolsAlone() {
    noClasses()
        .that()
        .doNotHaveSimpleName("SampleApp")
        .and()
        .doNotHaveFullyQualifiedName(DEMO + ".PodNews")
        .should()
        .dependOnClassesThat(
            resideInAPackage(LAB + "..")
                .and(not(resideInAnyPackage(LAB + ".options", LAB + ".process", LAB + ".tcp")))
                .and(not(resideInAPackage(LAB + ".raw"))) // a crowd for a real drain
                .and(not(name(LAB + ".lean.BackOff")))) // the stock client's, which is tested
        .check(OURS);
  }

  /** Of the sample's packages; no package knows the root. */
  private static void knowsOnly(String from, String... others) {
    String[] known = new String[others.length + 1];
    System.arraycopy(others, 0, known, 0, others.length);
    known[others.length] = from;
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAPackage(SAMPLE + "..").and(not(resideInAnyPackage(known))))
        .check(OURS);
  }
}
