package io.gracefuldrain.sample.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Wrong arguments are refused before anything is looked for. */
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
}
