package io.gracefuldrain.sample;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The libraries, as their user sees them. */
class LayersTest {
  @Test
  void libraries_knowNeitherTheSampleNorTheBenchmarks() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.gracefuldrain.sample..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.gracefuldrain.sample..", "io.gracefuldrain.benchmarks..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.gracefuldrain"));
  }
}
