package io.gracefuldrain.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.crowd.ClientMix;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Wrong arguments are refused before anything else is checked. */
class OptionsTest {
  private static String refused(String... arguments) {
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(new VerifyCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setErr(new PrintWriter(err))
            .execute(arguments);
    assertThat(exitCode).isEqualTo(2);
    return err.toString();
  }

  @Test
  void strategy_unknown_namesThoseThereAre() {
    assertThat(refused("--strategy", "best")).contains("--strategy", "startstop", "'best'");
  }

  @Test
  void strategy_twice_isRefused() {
    assertThat(refused("--strategy", "none,none"))
        .startsWith("--strategy: [none, none] (expected: each one once)");
  }

  @Test
  void scenario_withoutGraceful_isRefused() {
    assertThat(refused("--strategy", "none", "--scenario", "scale"))
        .startsWith("--scenario: [scale] (expected: with graceful among the strategies");
  }

  @Test
  void crowd_otherThanThereCanBe_isNamed() {
    assertThat(refused("--clients", "ruby=1")).contains("--clients", "'ruby'", "java-aware");
    assertThat(refused("--feed-ms", "5")).startsWith("--feed-ms: 5 (expected: 10 to 10000)");
    assertThat(refused("--order-every", "11m"))
        .startsWith("--order-every: 660000ms (expected: 0s for none, or 1s to 10m)");
  }

  @Test
  void crowd_asWanted_isTold() {
    CrowdWanted wanted =
        new CrowdWanted(
            ClientMix.parse("lean-aware=20,java-websocket=5"), 20, Duration.ofSeconds(7), 3);
    assertThat(wanted.arguments(2))
        .containsExactly(
            "--clients",
            "java-websocket=5,lean-aware=20",
            "--feed-ms",
            "20",
            "--order-every",
            "7000ms",
            "--seed",
            "4");
  }
}
