package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gracefuldrain.lab.options.CannotStart;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SpringJarTest {
  @Test
  void springJar_notThere_isNamedBeforeAnythingRuns(@TempDir Path folder) {
    Path jar = folder.resolve("chat.jar");
    CommandLine command =
        new CommandLine(new RolloutCommand())
            .setExecutionExceptionHandler(
                (e, line, result) -> {
                  throw e;
                });
    RolloutCommand rollout = command.getCommand();
    command.parseArgs("--strategy", "graceful,spring", "--spring-jar", jar.toString());
    assertThatExceptionOfType(CannotStart.class)
        .isThrownBy(rollout::call)
        .withMessageStartingWith("--spring-jar: " + jar + " is not there (expected: ")
        .withMessageContaining("mvn package -DskipTests");
  }
}
