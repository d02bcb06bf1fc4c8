package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The conformance table, played by this client. */
@Execution(ExecutionMode.CONCURRENT)
class ConformanceIT {
  private static final long MINUTES_AT_MOST = 4;

  @Test
  void table_playedByTheJavaClient_passes() throws Exception {
    Path root = root();
    Path log = Files.createTempFile("conformance", ".log");
    Process table =
        new ProcessBuilder(
                "node",
                "conformance/run.mjs",
                "--",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Agent.class.getName())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(
                new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null"))
            .start();
    try {
      boolean ended = table.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES);
      String said = Files.readString(log, StandardCharsets.UTF_8);
      assertThat(ended).as(said).isTrue();
      assertThat(table.exitValue()).as(said).isZero();
    } finally {
      table.descendants().forEach(ProcessHandle::destroyForcibly);
      table.destroyForcibly();
      Files.delete(log);
    }
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (here != null && !Files.exists(here.resolve("conformance/run.mjs"))) {
      here = here.getParent();
    }
    assertThat(here).as("the repository's root").isNotNull();
    return here;
  }
}
