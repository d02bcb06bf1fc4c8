package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.gracefuldrain.spring.DrainAutoConfiguration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The common code uses nothing that this line of Spring Boot has elsewhere. */
class LineTest {
  @Test
  void common_usesOnlyClassesThatThisLineHas() {
    Set<String> used = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackagesOf(DrainAutoConfiguration.class)) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        used.add(dependency.getTargetClass().getBaseComponentType().getName());
      }
    }
    used.removeIf(name -> !name.startsWith("org.springframework."));
    assertThat(used).hasSizeGreaterThan(100).allMatch(LineTest::isThere);
  }

  private static boolean isThere(String name) {
    try {
      return Class.forName(name, false, LineTest.class.getClassLoader()) != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
