package io.gracefuldrain.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The dependencies that the client may have. */
class LayersTest {
  @Test
  void client_dependsOnNothingOfOurs() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.gracefuldrain.cli", "java..", "picocli", "org.jspecify.annotations")
        .because("it speaks HTTP, to servers of any version, and is small")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.gracefuldrain.cli"));
  }
}
