package io.gracefuldrain.cli;

import java.time.Duration;
import picocli.CommandLine.Command;

/**
 * Waits until the application has started. It serves as a postStart hook of the exec kind: a hook
 * of the HTTP kind would find no server yet.
 */
@Command(
    name = "await-started",
    description = "Waits until the pod has started, also for a server that does not listen yet.")
final class AwaitStarted extends Action {
  private static final Duration EACH = Duration.ofSeconds(1);
  private static final Duration BETWEEN = Duration.ofMillis(200);

  @Override
  Duration defaultTimeout() {
    return Duration.ofSeconds(60);
  }

  @Override
  String run(Management server) throws Failure {
    long begun = System.nanoTime();
    Failure notYet = null;
    do {
      try {
        server.ask("GET", "/startupz", min(EACH, left(begun)));
        return answer(since(begun));
      } catch (Failure e) {
        // The last try may have had no time. The server's earlier answer is more helpful.
        notYet = notYet != null && e.exitCode() == ExitCode.TIMEOUT ? notYet : e;
      }
      pause(min(BETWEEN, left(begun)));
    } while (!left(begun).isZero() && !Thread.currentThread().isInterrupted());
    throw new Failure(
        ExitCode.TIMEOUT,
        "not started within " + DurationText.of(timeout()) + ": " + notYet.text());
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private Duration left(long begun) {
    Duration left = timeout().minus(since(begun));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private String answer(Duration waited) {
    return json()
        ? "{\"started\":true,\"waitedMs\":" + waited.toMillis() + "}"
        : "started, after " + waited.toMillis() + "ms";
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the next request ends because of it
    }
  }
}
