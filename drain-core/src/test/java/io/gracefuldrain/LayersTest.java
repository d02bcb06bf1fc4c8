package io.gracefuldrain;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Which classes may depend on which. */
final class LayersTest {
  private static final String DOMAIN = "io.gracefuldrain";

  // The groups inside the domain, as its package-info lists them.
  private static final Set<String> STATE =
      Set.of(
          "PhaseState",
          "DrainRecord",
          "Roster",
          "RosterEntry",
          "TrackedConnection",
          "HintRecord",
          "SlotRecord",
          "Transit",
          "Kept",
          "KeptRoom",
          "KeptStage",
          "Landing",
          "PutOffEnd",
          "Takers",
          "Marks",
          "HandOverTally",
          "Gate",
          "Lease",
          "LeaseStack",
          "StripedGate",
          "Counters",
          "Tally",
          "Stopwatch",
          "Histogram");
  private static final Set<String> RULES =
      Set.of(
          "DrainLifecycle",
          "DrainLoop",
          "StepLoop",
          "SlotScheduler",
          "SlotPace",
          "HintGraces",
          "LookRound",
          "Shed",
          "PreStopHooks",
          "Participants",
          "ConnectionRegistry",
          "CrashPlans",
          "OutlivedWork",
          "Mailboxes",
          "OwedNews",
          "CoordinatorParts");
  private static final Set<String> TELLING =
      Set.of(
          "Monitor",
          "Announcements",
          "Journal",
          "LogCode",
          "Json",
          "StepFailures",
          "Listeners",
          "SerialThread",
          "ConnectionCaller",
          "CallWorkers",
          "InlineCaller",
          "ReportBuilder",
          "OldestSearch",
          "ReportFormat");
  private static final Set<String> VALUES =
      Set.of(
          "Budget",
          "CrashWindow",
          "LandingLimit",
          "Note",
          "PolicyValues",
          "Ticket",
          "ProcessEpoch",
          "Setting",
          "Settings",
          "Clockwork",
          "SystemClockwork",
          "GraceClock");
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
        .resideInAnyPackage(
            DOMAIN, "java..", "javax.crypto..", "org.slf4j", "org.jspecify.annotations")
        .because("the domain knows of no transport, no container and none of its subpackages")
        .check(CLASSES);
  }

  @Test
  void http_dependsOnTheDomainTheHandOverAndTheJdksServerOnly() {
    holds(".http", DOMAIN + ".handover", "com.sun.net.httpserver");
  }

  @Test
  void handover_dependsOnTheDomainOnly() {
    holds(".handover", "javax.crypto..");
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
            DOMAIN,
            DOMAIN + ".handover",
            DOMAIN + ".http",
            DOMAIN + ".servlet",
            DOMAIN + ".signal",
            DOMAIN + ".metrics")
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

  /** A package over the domain, with its other permitted dependencies. */
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
  void classesInsideTheDomain_belongToOneGroupEach_andThePackageListsThem() throws IOException {
    Set<String> inside = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      JavaClass outermost = outermost(type);
      if (type.getPackageName().equals(DOMAIN) && !outermost.getModifiers().contains(PUBLIC)) {
        inside.add(outermost.getSimpleName());
      }
    }
    inside.remove("package-info");
    List<String> grouped = new ArrayList<>();
    List.of(STATE, RULES, TELLING, VALUES).forEach(grouped::addAll);

    assertThat(grouped).containsExactlyInAnyOrderElementsOf(inside);
    String listed =
        Files.readString(Path.of("src/main/java/io/gracefuldrain/package-info.java"))
            .replaceAll("\\s*\\*\\s*", " ");
    assertThat(inside).allSatisfy(name -> assertThat(listed).contains("{@code " + name + "}"));
  }

  @Test
  void values_knowNoneOfTheGroups() {
    neverUse(VALUES, List.of(STATE, RULES, TELLING));
  }

  @Test
  void state_knowsNoRuleAndTellsNobody() {
    neverUse(STATE, List.of(RULES, TELLING));
  }

  @Test
  void telling_knowsNoRule() {
    neverUse(TELLING, List.of(RULES));
  }

  @Test
  void inside_nobodyKnowsTheCoordinator() {
    noClasses()
        .that()
        .resideInAPackage(DOMAIN)
        .and()
        .areNotAssignableTo(DrainCoordinator.class)
        .and()
        .doNotHaveFullyQualifiedName(VirtualTime.class.getName()) // it makes coordinators
        .should()
        .dependOnClassesThat()
        .areAssignableTo(DrainCoordinator.class)
        .because("it puts the parts together, and they are told of each other by it")
        .check(CLASSES);
  }

  private static void neverUse(Set<String> group, List<Set<String>> others) {
    Set<String> forbidden = new HashSet<>();
    others.forEach(forbidden::addAll);
    noClasses()
        .that(are(group))
        .should()
        .dependOnClassesThat(are(forbidden))
        .because("rules change state and use telling, telling reads state, state knows neither")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> are(Set<String> group) {
    return DescribedPredicate.describe(
        "are among " + new TreeSet<>(group),
        type ->
            type.getPackageName().equals(DOMAIN)
                && group.contains(outermost(type).getSimpleName()));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(LayersTest::outermost).orElse(type);
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
  void tests_waitForConditionsAndNeverSleep() {
    JavaClasses tests =
        new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages(DOMAIN);
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .check(tests);
  }

  /**
   * {@link CurrentWork} tells frameworks whose work a thread does. The domain never asks it; {@link
   * WorkGate}, which runs work, tells it.
   */
  @Test
  void domain_keepsNothingInThreads() {
    noClasses()
        .that()
        .resideInAPackage(DOMAIN)
        .and()
        .doNotHaveFullyQualifiedName(CurrentWork.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(CurrentWork.class.getName() + "$Scope")
        .and()
        .doNotHaveFullyQualifiedName(WorkGate.class.getName())
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(CurrentWork.class)
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
