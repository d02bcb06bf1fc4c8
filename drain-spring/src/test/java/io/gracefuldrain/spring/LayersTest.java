package io.gracefuldrain.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the code that both lines of Spring Boot share may depend on. That it uses no class which one
 * of them has elsewhere is held by LineTest, with the classes of each line.
 */
class LayersTest {
  private static final String OURS = "io.gracefuldrain.spring";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(OURS);

  @Test
  void common_dependsOnSpringAndTheLayersBelowOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            OURS,
            "io.gracefuldrain",
            "io.gracefuldrain.http",
            "io.gracefuldrain.metrics",
            "io.gracefuldrain.servlet",
            "io.gracefuldrain.signal",
            "io.gracefuldrain.socketio",
            "com.corundumstudio.socketio..",
            "org.springframework..",
            "org.aopalliance..",
            "jakarta.servlet..",
            "io.micrometer.core.instrument..",
            "reactor.core.publisher",
            "org.reactivestreams",
            "org.slf4j",
            "org.jspecify.annotations",
            "java..")
        .check(CLASSES);
  }

  @Test
  void library_ofTheServer_isKnownToFewOnly() {
    noClasses()
        .that()
        .haveNameNotMatching(
            ".*\\.(SocketIo|DrainSocketIoAutoConfiguration|MadeServerCheck|PortHolders).*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.corundumstudio.socketio..")
        .because("an application without it, or with another server, has all the rest")
        .check(CLASSES);
  }

  @Test
  void waits_areThoseOfTheCoreOrOnConditions() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(DrainEnd.class.getName())
        .should()
        .callMethod(System.class, "nanoTime")
        .because("PhaseTimeouts has a seam")
        .check(CLASSES);
  }

  @Test
  void publicClasses_areEntriesOfUsersAndOfSpring() {
    assertThat(
            CLASSES.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.isAnnotatedWith(AutoConfiguration.class))
                .filter(type -> !type.isAnnotatedWith(ConfigurationProperties.class))
                .map(JavaClass::getSimpleName))
        .containsExactlyInAnyOrder(
            "BootLineCheck",
            "ConnectionEndedEvent",
            "DrainBegunEvent",
            "DrainCustomizer",
            "DrainDoneEvent",
            "DrainEndpoint",
            "DrainHealth",
            "DrainPhaseEvent",
            "DrainRecalledEvent",
            "SocketIoDrains");
  }
}
