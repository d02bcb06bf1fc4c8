package io.gracefuldrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's own messages, before it asks a server. */
class DrainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          status --port 0                     | Invalid value for option '--port': '0' (expected: 1 to 65535)
          status --port 65536                 | Invalid value for option '--port': '65536' (expected: 1 to 65535)
          status --url ftp://pod              | Invalid value for option '--url': 'ftp://pod' (expected: an address such as http://127.0.0.1:8081)
          status --url http://a@pod           | Invalid value for option '--url': 'http://a@pod' (expected: an address such as http://127.0.0.1:8081)
          status --url http://pod/?a=1        | Invalid value for option '--url': 'http://pod/?a=1' (expected: an address such as http://127.0.0.1:8081)
          status --url pod:8081               | Invalid value for option '--url': 'pod:8081' (expected: an address such as http://127.0.0.1:8081)
          status --timeout soon               | Invalid value for option '--timeout': 'soon' (expected: a duration such as 500ms, 5s, 2m or 1h)
          status --timeout 0s                 | timeout: 0s (expected: > 0)
          status --timeout 9999999h           | Invalid value for option '--timeout': '9999999h' (expected: <= 24h)
          start --within 86401s               | Invalid value for option '--within': '86401s' (expected: <= 24h)
          start --within -1s                  | Invalid value for option '--within': '-1s' (expected: a duration such as 500ms, 5s, 2m or 1h)
          start --token a\u00e9               | token: with a character that a header cannot have (expected: printable ASCII)
          shed --count 0                      | Invalid value for option '--count': '0' (expected: a whole number from 1 to 999999999)
          shed --fraction 25                  | Invalid value for option '--fraction': '25' (expected: a number over 0 and up to 1, such as 0.25)
          shed                                | Error: Missing required argument (specify one of these): (--count=NUMBER | --fraction=SHARE)
          status --port 1 --url http://pod    | Error: --url=URL, --port=PORT are mutually exclusive (specify only one)
          """)
  void execute_badArgument_isUsage(String arguments, String problem) {
    assertThat(run(new Drain(), arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith(problem);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void execute_noCommand_isUsage() {
    assertThat(run(new Drain())).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("command: none (expected: status, start, resume, shed, await-started)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void execute_help_tellsCommandsAndExitCodes(String option) {
    assertThat(run(new Drain(), option)).isZero();
    assertThat(out.toString())
        .contains("status", "start", "resume", "shed", "await-started")
        .contains("0   it is done")
        .contains("1   the server refused")
        .contains("2   the command line is wrong")
        .contains("3   the server cannot be reached")
        .contains("4   the time was over");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "start", "resume", "shed", "await-started"})
  void execute_helpOfCommand_tellsItsOptions(String command) {
    assertThat(run(new Drain(), command, "--help")).isZero();
    assertThat(out.toString())
        .contains("drain " + command)
        .contains("--url=URL", "--port=PORT", "--token=TOKEN", "--timeout=TIME", "--json");
  }

  @Test
  void execute_subCommandOfAnApplication_isFound() {
    assertThat(run(new Application(), "drain", "shed", "--help")).isZero();
    assertThat(out.toString()).contains("app drain shed", "--fraction=SHARE");
  }

  @Command(name = "app", subcommands = Drain.class)
  private static final class Application {}

  @ParameterizedTest
  @CsvSource({"24h,PT24H", "1440m,PT24H", "86400s,PT24H", "86400000ms,PT24H", "500ms,PT0.5S"})
  void duration_upToADay_isRead(String text, Duration duration) {
    assertThat(new DurationText().convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "http://pod:8081,http://pod:8081",
    "http://pod:8081/,http://pod:8081",
    "https://pod/manage/,https://pod/manage",
    "http://[::1]:8081,http://[::1]:8081"
  })
  void url_withSlashAtTheEnd_isTheBase(String url, String base) {
    assertThat(new ServerAddress.Base().convert(url)).hasToString(base);
  }
}
