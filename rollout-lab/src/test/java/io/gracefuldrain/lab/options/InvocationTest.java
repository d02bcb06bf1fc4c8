package io.gracefuldrain.lab.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationTest {
  @ParameterizedTest
  @CsvSource({
    "x/app.jar, x/app.jar, x, java -jar app.jar drain start",
    "x/app.jar, x/app.jar, '', java -jar x/app.jar drain start",
    "x/classes, x/classes, '', mvn -q compile exec:java -pl sample-app -am -Dexec.args=\"drain start\"",
    "tool.jar, x/classes, '', mvn -q compile exec:java -pl sample-app -am -Dexec.args=\"drain start\"",
    "x/plain.jar:y.jar, x/plain.jar, '', mvn -q compile exec:java -pl sample-app -am -Dexec.args=\"drain start\""
  })
  void of_eachWayToRun_canBeTyped(String classPath, Path code, Path here, String expected) {
    assertThat(Invocation.of("drain start", classPath, code, here)).isEqualTo(expected);
  }

  @Test
  void of_jarElsewhere_isWhole() {
    Path jar = Path.of("x", "app.jar");
    assertThat(Invocation.of("drain start", "x/app.jar", jar, Path.of("y")))
        .isEqualTo("java -jar " + jar.toAbsolutePath() + " drain start");
  }
}
