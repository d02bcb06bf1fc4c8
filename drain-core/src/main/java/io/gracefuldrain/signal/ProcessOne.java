package io.gracefuldrain.signal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks whether process 1 of a container is a shell that has started this one. A container's
 * platform sends SIGTERM to process 1 alone, and a shell does not pass it on. Thread-safe.
 */
final class ProcessOne {
  static final ProcessOne INSTANCE =
      new ProcessOne(Path.of("/proc/1/comm"), ProcessHandle.current().pid());

  private static final Set<String> SHELLS =
      Set.of("sh", "ash", "bash", "busybox", "dash", "ksh", "zsh");
  private static final SignalLog LOG = SignalLog.of(ProcessOne.class);

  private final Path name;
  private final long self;
  private final AtomicBoolean looked = new AtomicBoolean();

  /**
   * Has not looked yet.
   *
   * @param name the file that has the name of process 1; it may be absent
   * @param self the number of this process
   */
  ProcessOne(Path name, long self) {
    this.name = name;
    this.self = self;
  }

  /** Says it in the log if process 1 is a shell; once. */
  void look() {
    warning().ifPresent(LOG::warn);
  }

  /** What there is to say; nothing the second time. */
  Optional<String> warning() {
    return looked.compareAndSet(false, true) ? shell().map(this::warning) : Optional.empty();
  }

  private String warning(String shell) {
    return "DRAIN-066 process 1 is a shell, "
        + shell
        + ": SIGTERM is sent to it and does not reach this process, "
        + self
        + " (expected: java as process 1, by the exec form of CMD or by exec in the script)";
  }

  /** The shell that is process 1, if it is one, and not this process. */
  private Optional<String> shell() {
    try {
      String found = self == 1 ? "" : Files.readString(name).trim();
      return SHELLS.contains(found) ? Optional.of(found) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // not on Linux, or not to be seen
    }
  }
}
