package io.gracefuldrain.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a run of tests that leaves programs behind: those that {@link JvmProcess} started, and
 * those that they started, even if these outlive their parent. JUnit finds it as a service where
 * {@code junit-platform.properties} says so. Without {@code /proc} it sees nothing.
 */
public final class LeftBehind implements BeforeAllCallback {
  /** In the environment of each program, and handed on to its own: which run it belongs to. */
  static final String MARK = "GRACEFUL_DRAIN_TEST_RUN";

  static final String RUN = Long.toString(ProcessHandle.current().pid());

  /** Long enough for those that were told to end. */
  private static final Duration BOUND = Duration.ofSeconds(10);

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(LeftBehind.class))
        .computeIfAbsent(LeftBehind.class, key -> new Check(), Check.class);
  }

  /** Closed when all tests of this JVM are over. */
  private static final class Check implements AutoCloseable {
    @Override
    public void close() {
      try {
        Await.until(LeftBehind::words, BOUND, () -> ofThisRun().isEmpty());
      } finally {
        ofThisRun().forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static String words() {
    return "the end of every program of these tests; left behind: "
        + ofThisRun().stream().map(LeftBehind::words).toList();
  }

  /** Its command without the class path, which is long. */
  private static String words(ProcessHandle program) {
    String command = String.join(" ", file(program, "cmdline"));
    return program.pid() + " " + command.replaceFirst("-cp \\S+", "-cp ...");
  }

  static List<ProcessHandle> ofThisRun() {
    return ProcessHandle.allProcesses()
        .filter(program -> file(program, "environ").contains(MARK + "=" + RUN))
        .toList();
  }

  /**
   * The parts of a file that the system keeps of it; none if it has ended or is somebody else's.
   */
  private static List<String> file(ProcessHandle program, String name) {
    try {
      Path file = Path.of("/proc", Long.toString(program.pid()), name);
      return List.of(Files.readString(file, ISO_8859_1).split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }
}
