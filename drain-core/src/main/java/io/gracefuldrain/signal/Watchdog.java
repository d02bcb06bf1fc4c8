package io.gracefuldrain.signal;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Halts the process when its time is over, whatever hangs: a stop, a JVM shutdown hook, the exit. A
 * halt runs no shutdown hooks.
 */
final class Watchdog implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long LAST_WORD_MILLIS = 100;
  private static final int FRAMES = 8;

  private final Drains drains;
  private final ExitSignal signal;
  private final Thread watched;

  Watchdog(Drains drains, ExitSignal signal, Thread watched) {
    this.drains = drains;
    this.signal = signal;
    this.watched = watched;
  }

  void start() {
    Threads.daemon("drain-watchdog", this).start();
  }

  @Override
  public void run() {
    drains.awaitEnd();
    try {
      tell();
    } finally {
      Runtime.getRuntime().halt(signal.exitCode());
    }
  }

  /** What hangs may be the log. */
  private void tell() {
    Thread telling =
        Threads.daemon(
            "drain-watchdog-log",
            () ->
                LOG.error(
                    "DRAIN-059 {}: time is up, the process is halted with {}; {} is at {}",
                    signal,
                    signal.exitCode(),
                    watched.getName(),
                    Arrays.stream(watched.getStackTrace())
                        .limit(FRAMES)
                        .map(String::valueOf)
                        .collect(Collectors.joining(" < "))));
    telling.start();
    try {
      TimeUnit.MILLISECONDS.timedJoin(telling, LAST_WORD_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // halts all the same
    }
  }
}
