package io.gracefuldrain.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parts that all commands share: a server, a token, a bound, and one line of output. */
abstract class Action implements Callable<Integer> {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @ArgGroup(exclusive = true)
  private @Nullable ServerAddress address;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "The admin token. Default: the environment's DRAIN_ADMIN_TOKEN")
  private @Nullable String token;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "The longest wait, such as 500ms, 5s or 2m. Default: 10s, or 60s for a"
              + " command that waits for something")
  private @Nullable Duration timeout;

  @Option(
      names = "--json",
      description = "Writes one line of JSON, errors too, to standard output.")
  private boolean json;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  /** Runs the command, and returns the line to print. */
  abstract String run(Management server) throws Failure;

  /** How long to wait if no timeout is given. */
  Duration defaultTimeout() {
    return Duration.ofSeconds(10);
  }

  /** Prints the outcome and returns the exit code. */
  @Override
  public final Integer call() {
    try {
      spec.commandLine().getOut().println(run(server()));
      return ExitCode.OK.number();
    } catch (Failure e) {
      if (json) {
        spec.commandLine().getOut().println(ErrorBody.of(e.text()));
      } else {
        spec.commandLine().getErr().println(e.text());
      }
      return e.exitCode().number();
    }
  }

  private Management server() {
    Duration connect = timeout().compareTo(CONNECT) < 0 ? timeout() : CONNECT;
    return new Management(
        address == null ? ServerAddress.local(ServerAddress.PORT) : address.base(),
        adminToken(),
        connect);
  }

  private Optional<String> adminToken() {
    String given = token != null ? token : System.getenv("DRAIN_ADMIN_TOKEN");
    if (given == null || given.isBlank()) {
      return Optional.empty();
    }
    if (!given.trim().chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw wrong("token: with a character that a header cannot have (expected: printable ASCII)");
    }
    return Optional.of(given.trim());
  }

  final Duration timeout() {
    Duration given = timeout == null ? defaultTimeout() : timeout;
    if (given.isZero()) {
      throw wrong("timeout: 0s (expected: > 0)");
    }
    return given;
  }

  final boolean json() {
    return json;
  }

  /** The part of the query that names the form of the answer. */
  final String format() {
    return "format=" + (json ? "json" : "text");
  }

  final ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
