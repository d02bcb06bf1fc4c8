package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each line of Spring Boot has of its own implements interfaces that have moved. It is the
 * same code but for that.
 */
class HealthLinesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"DrainHealthAutoConfiguration", "DrainHealthGroups", "DrainHealthIndicator"})
  void code_ofBothLines_differsInPackagesOnly(String name) throws IOException {
    assertThat(code("boot", name)).isNotEmpty().isEqualTo(code("boot3", name));
  }

  private static List<String> code(String line, String name) throws IOException {
    Path file =
        Path.of(
            "../drain-spring-" + line + "/src/main/java/io/gracefuldrain/spring/" + line,
            name + ".java");
    return Files.readAllLines(file).stream()
        .filter(each -> !each.startsWith("package ") && !each.startsWith("import "))
        .map(each -> each.replaceAll("\"org\\.springframework\\.boot\\.[\\w.]+\"", "moved"))
        .toList();
  }
}
