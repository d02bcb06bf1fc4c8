package io.gracefuldrain.signal;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Halts the process when its time is over, even if a stop, a JVM shutdown hook or the exit hangs. A
 * halt runs no shutdown hooks.
 */
final class Watchdog implements Runnable {
  private static final SignalLog LOG = SignalLog.of(Watchdog.class);
  private static final long LAST_WORD_MILLIS = 100;
  private static final int FRAMES = 8;

  private final PendingDrain drain;
  private final Copies copies;
  private final ExitSignal signal;
  private final Thread watched;

  Watchdog(PendingDrain drain, Copies copies, ExitSignal signal, Thread watched) {
    this.drain = drain;
    this.copies = copies;
    this.signal = signal;
    this.watched = watched;
  }

  void start() {
    Threads.daemon("drain-watchdog", this).start();
  }

  @Override
  public void run() {
    drain.awaitEnd();
    copies.awaitOthers();
    try {
      tell();
    } finally {
      Runtime.getRuntime().halt(signal.exitCode());
    }
  }

  private String where() {
    return Arrays.stream(watched.getStackTrace())
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
                    "DRAIN-059 {}: time is up, the process is halted with {}; {} is at {}",
                    signal,
                    signal.exitCode(),
                    watched.getName(),
                    where()));
    telling.start();
    try {
      TimeUnit.MILLISECONDS.timedJoin(telling, LAST_WORD_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // halts all the same
    }
  }
}
