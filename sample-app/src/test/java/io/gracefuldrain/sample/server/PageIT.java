package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PageIT {
  @Test
  void counts_inNode_passItsOwnTests() throws Exception {
    Process node =
        new ProcessBuilder("node", "--test", "src/test/js/counts.test.mjs")
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(node.exitValue()).as(output).isZero();
      assertThat(output).contains("pass 10");
    } finally {
      node.destroyForcibly();
    }
  }
}
