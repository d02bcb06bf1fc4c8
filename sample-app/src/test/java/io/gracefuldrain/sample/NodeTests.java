package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tests that are written for Node's own test runner. */
public final class NodeTests {
  private NodeTests() {}

  /**
   * Runs a file of them; all must pass.
   *
   * @param most how long it may take
   * @return what they wrote
   */
  public static String run(String file, Map<String, String> environment, Duration most)
      throws Exception {
    Path output = Files.createTempFile(Path.of("target"), "node-", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("node", "--test", "--test-reporter=spec", "src/test/js/" + file)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process node = builder.start();
    try {
      boolean ended = node.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
      String text = Files.readString(output);
      assertThat(ended).as("not within %s: %s", most, text).isTrue();
      assertThat(node.exitValue()).as(text).isZero();
      return text;
    } finally {
      end(node);
      Files.deleteIfExists(output);
    }
  }

  /** With the browser that it may have started. */
  private static void end(Process node) {
    node.descendants().forEach(ProcessHandle::destroyForcibly);
    node.destroyForcibly();
  }
}
