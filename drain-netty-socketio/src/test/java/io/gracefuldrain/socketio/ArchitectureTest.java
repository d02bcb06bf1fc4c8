package io.gracefuldrain.socketio;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the adapter may know. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.gracefuldrain");

  @Test
  void adapter_dependsOnTheDomainAndItsServerOnly() {
    classes()
        .that()
        .resideInAPackage("io.gracefuldrain.socketio")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.gracefuldrain",
            "io.gracefuldrain.socketio",
            "com.corundumstudio.socketio..",
            "io.netty..",
            "org.slf4j..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void domain_doesNotKnowTheAdapter() {
    noClasses()
        .that()
        .resideInAPackage("io.gracefuldrain")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.gracefuldrain.socketio..")
        .check(CLASSES);
  }

  @Test
  void publicTypes_areTheEntryAndWhatItHandsOut() {
    classes()
        .that()
        .resideInAPackage("io.gracefuldrain.socketio")
        .and()
        .doNotHaveSimpleName("SocketIoDrain")
        .and()
        .doNotHaveSimpleName("DrainChannelInitializer")
        .and()
        .doNotHaveSimpleName("SealedConnectionException")
        .and()
        .doNotHaveSimpleName("MessageIds")
        .should()
        .notBePublic()
        .check(CLASSES);
  }

  @Test
  void threadsAndSleeps_areNotTheAdapters() {
    noClasses()
        .that()
        .resideInAPackage("io.gracefuldrain.socketio")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, ThreadLocal.class)
        .check(CLASSES);
  }
}
