package io.gracefuldrain.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

final class JvmProcessTest {
  /** Prints a variable of its environment, then the lines that it reads, then ends. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] arguments) {
      System.out.println(arguments[0] + "=" + System.getenv(arguments[0]));
      System.err.println(
          new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8).nextLine());
      System.exit(3);
    }
  }

  @Test
  void program_linesAndExit_areSeen() throws Exception {
    try (JvmProcess echo =
        JvmProcess.of(Echo.class).environment(Map.of("DRAIN_POD", "a")).start("DRAIN_POD")) {
      assertThat(echo.awaitLine("DRAIN_POD")).isEqualTo("DRAIN_POD=a");
      assertThat(echo.alive()).isTrue();

      echo.send("over");

      assertThat(echo.awaitExit(Duration.ofSeconds(20))).isEqualTo(3);
      assertThat(echo.output()).isEqualTo("DRAIN_POD=a\nover");
      assertThat(echo.says("more", Duration.ofHours(1))).as("said after the end").isFalse();
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> echo.awaitLine("more"))
          .withMessage("no line with 'more' in PT40S:\nDRAIN_POD=a\nover");
    }
  }
}
