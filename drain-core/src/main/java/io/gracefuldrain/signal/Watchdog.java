package io.gracefuldrain.signal;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Halts the process when its time is over, even if a stop, a JVM shutdown hook or the exit hangs. A
 * halt runs no shutdown hooks.
 */
final class Watchdog implements Runnable {
  private static final SignalLog LOG = SignalLog.of(Watchdog.class);
  private static final long LAST_WORD_MILLIS = 100;
  private static final int FRAMES = 8;

  private final PendingDrains drains;
  private final ExitSignal signal;
  private final Thread watched;
  private final Stops stops;

  Watchdog(PendingDrains drains, ExitSignal signal, Thread watched, Stops stops) {
    this.drains = drains;
    this.signal = signal;
    this.watched = watched;
    this.stops = stops;
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

  private String where() {
    return Stream.concat(Stream.of(watched), stops.running())
        .distinct()
        .map(thread -> thread.getName() + " is at " + frames(thread))
        .collect(Collectors.joining("; "));
  }

  private static String frames(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .limit(FRAMES)
        .map(String::valueOf)
        .collect(Collectors.joining(" < "));
  }

  /** The log may be the part that hangs. */
  private void tell() {
    Thread telling =
        Threads.daemon(
            "drain-watchdog-log",
            () ->
                LOG.error(
                    "DRAIN-059 {}: time is up, the process is halted with {}; {}",
                    signal,
                    signal.exitCode(),
                    where()));
    telling.start();
    try {
      TimeUnit.MILLISECONDS.timedJoin(telling, LAST_WORD_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // halts all the same
    }
  }
}
