package io.gracefuldrain.netty;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The dependencies that this module may have, and what is public. */
class ArchitectureTest {
  private static final String NETTY = "io.gracefuldrain.netty";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(NETTY);

  @Test
  void module_dependsOnTheDomainAndNettyOnly() {
    classes()
        .that()
        .resideInAPackage(NETTY)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            NETTY, "java..", "io.gracefuldrain", "io.netty..", "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void publicTypes_areTheEntryAndTheParts() {
    classes()
        .that()
        .resideInAPackage(NETTY)
        .and()
        .haveNameNotMatching(
            ".*\\.(NettyDrain|WebSocketGoodbye|LastRead|StallWatch|HttpAnswers|package-info)")
        .should()
        .notBePublic()
        .check(CLASSES);
  }
}
