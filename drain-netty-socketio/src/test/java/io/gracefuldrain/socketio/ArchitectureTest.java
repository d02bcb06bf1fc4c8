package io.gracefuldrain.socketio;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** The dependencies that the adapter may have. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.gracefuldrain");

  @Test
  void adapter_dependsOnTheDomainNettyAndItsServerOnly() {
    classes()
        .that()
        .resideInAPackage("io.gracefuldrain.socketio")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.gracefuldrain",
            "io.gracefuldrain.handover",
            "io.gracefuldrain.netty",
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
        .and(not(belongToAnyOf(AttachException.class))) // what attach throws, with its reasons
        .should()
        .notBePublic()
        .check(CLASSES);
  }

  @Test
  void classes_dependOnEachOtherOneWayOnly() {
    slices().assignedFrom(FILES).should().beFreeOfCycles().check(CLASSES);
  }

  /** The adapter's files: a class with the classes inside it. */
  private static final SliceAssignment FILES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return type.getPackageName().equals("io.gracefuldrain.socketio")
              ? SliceIdentifier.of(type.getName().replaceAll("\\$.*", ""))
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "the adapter's files";
        }
      };

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
