package io.gracefuldrain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What may know of what. */
final class LayersTest {
  private static final String DOMAIN = "io.gracefuldrain";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("io/gracefuldrain/testing/"))
          .importPackages(DOMAIN);

  @Test
  void domain_dependsOnTheJdkAndTheLoggingApiOnly() {
    classes()
        .that()
        .resideInAPackage(DOMAIN)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(DOMAIN, "java..", "org.slf4j", "org.jspecify.annotations")
        .because("the domain knows of no transport, no container and none of its subpackages")
        .check(CLASSES);
  }

  @Test
  void http_dependsOnTheDomainAndTheJdksServerOnly() {
    holds(".http", "com.sun.net.httpserver");
  }

  @Test
  void servlet_dependsOnTheDomainAndTheEndpointsThatItIsAShellOf() {
    holds(".servlet", DOMAIN + ".http", "jakarta.servlet..");
  }

  @Test
  void signal_dependsOnTheDomainOnly() {
    holds(".signal", "org.slf4j.helpers");
  }

  @Test
  void metrics_dependsOnTheDomainAndMicrometerOnly() {
    holds(".metrics", "io.micrometer.core.instrument..");
  }

  @Test
  void packages_areThese() {
    classes()
        .should()
        .resideInAnyPackage(
            DOMAIN, DOMAIN + ".http", DOMAIN + ".servlet", DOMAIN + ".signal", DOMAIN + ".metrics")
        .because("each has a rule of its own here")
        .check(CLASSES);
  }

  @Test
  void everything_knowsNoServerWithLongLivedConnections() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "com.corundumstudio..", DOMAIN + ".socketio..")
        .check(CLASSES);
  }

  /** A package over the domain, and what it may know beside it. */
  private static void holds(String name, String... more) {
    List<String> known =
        new ArrayList<>(
            List.of(DOMAIN, DOMAIN + name, "java..", "org.slf4j", "org.jspecify.annotations"));
    known.addAll(List.of(more));
    classes()
        .that()
        .resideInAPackage(DOMAIN + name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(known.toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void domain_readsTimeThroughItsSeamOnly() {
    noClasses()
        .that()
        .resideInAPackage(DOMAIN)
        .and()
        .doNotHaveSimpleName("SystemClockwork")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .orShould()
        .callMethod(LockSupport.class, "parkNanos", long.class)
        .check(CLASSES);
  }

  @Test
  void domain_keepsNothingInThreads() {
    noClasses()
        .that()
        .resideInAPackage(DOMAIN)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .check(CLASSES);
  }

  @Test
  void publicClasses_ofTheDomain_areFinal() {
    classes()
        .that()
        .resideInAPackage(DOMAIN)
        .and()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(CLASSES);
  }
}
