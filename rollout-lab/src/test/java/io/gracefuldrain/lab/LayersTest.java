package io.gracefuldrain.lab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Code that measures shares nothing with the code it measures. Inside the module, each floor knows
 * the floors below it, and nothing beside or above it.
 */
class LayersTest {
  private static final String LAB = "io.gracefuldrain.lab";
  private static final String RESULTS = LAB + ".results";
  private static final String LEDGER = LAB + ".ledger";
  private static final String REPORT = LAB + ".report";
  private static final String LEAN = LAB + ".lean";
  private static final String CROWD = LAB + ".crowd";

  private static final List<Set<String>> GROUND =
      List.of(Set.of(LAB), Set.of(LAB + ".options", LAB + ".process", LAB + ".tcp"));

  /** The lowest floor comes first. */
  private static final List<Set<String>> FLOORS =
      List.of(
          GROUND.get(0),
          GROUND.get(1),
          Set.of(RESULTS),
          Set.of(LEDGER, REPORT),
          Set.of(LEAN),
          Set.of(CROWD, LAB + ".raw"),
          Set.of(LAB + ".local", LAB + ".cluster"));

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
  void packages_eachStandsOnAFloor() {
    Set<String> packages = new TreeSet<>();
    CLASSES.stream()
        .map(JavaClass::getPackageName)
        .filter(each -> each.startsWith(LAB))
        .forEach(packages::add);
    Set<String> onFloors = new TreeSet<>();
    FLOORS.forEach(onFloors::addAll);
    assertThat(packages).isEqualTo(onFloors);
  }

  @Test
  void floors_eachKnowsOnlyThoseBelow() {
    List<String> below = new ArrayList<>();
    for (Set<String> floor : FLOORS) {
      for (String own : floor) {
        List<String> known = new ArrayList<>(below);
        known.add(own);
        noClasses()
            .that()
            .resideInAPackage(own)
            .should()
            .dependOnClassesThat(
                resideInAPackage(LAB + "..")
                    .and(not(resideInAnyPackage(known.toArray(String[]::new)))))
            .check(CLASSES);
      }
      below.addAll(floor);
    }
  }

  @Test
  void packages_haveNoCycle() {
    slices().matching(LAB + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void ledger_hasNeitherSocketsNorClocks() {
    classes()
        .that()
        .resideInAPackage(LEDGER)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    LEDGER,
                    RESULTS,
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "org.HdrHistogram",
                    "org.jspecify.annotations")
                .or(JavaClass.Predicates.equivalentTo(long[].class)))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(LEDGER)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(CLASSES);
  }
}
