package io.gracefuldrain.signal;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The drain and the stops at the end of the process. They happen once, on a thread of their own,
 * whatever begins them: a signal, an exit, or an application that closes. After a signal the
 * process is left as the signal would have ended it; the first signal decides which handler is
 * called, and the exit code. Thread-safe.
 */
final class Termination implements Runnable {
  private static final SignalLog LOG = SignalLog.of(Termination.class);

  /** The time left may be shortened, so it is read this often. */
  private static final long LOOK_AGAIN_MILLIS = 50;

  private final String cause;
  private final Installation installed;
  private final PendingDrain drain;
  private final Copies copies;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = Threads.daemon("drain-exit", this);

  /** A signal that leaves the process. */
  private record Leaving(ExitSignal signal, OsSignal taken) {}

  private volatile boolean drainedBefore;

  // Guarded by this.
  private @Nullable Leaving leaving;
  private boolean over;

  /**
   * One that has not begun.
   *
   * @param cause begins its log lines
   */
  Termination(String cause, Installation installed) {
    this.cause = cause;
    this.installed = installed;
    this.drain = new PendingDrain(installed.coordinator());
    this.copies = new Copies(System.getProperties());
  }

  // ---------------------------------------------------------------- what begins it, or joins

  void begin(DrainReason reason) {
    drainedBefore = installed.coordinator().phase() == DrainPhase.DRAINED; // by the hook, say
    drain.ask(reason); // here, so that no signal that joins is before it
    // After a signal the JVM must wait when main ends meanwhile. Otherwise whatever began this does
    // so, and no longer than its time: a stop that hangs must not keep the JVM.
    thread.setDaemon(reason == DrainReason.SHUTDOWN);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      LOG.error(
          "DRAIN-055 {}: no thread can be started; stopping on the one that is here", cause, e);
      run();
    }
  }

  /** A signal is to end the process after this; the first one counts. */
  void leaveBy(ExitSignal signal, OsSignal taken) {
    try {
      leaveBy(new Leaving(signal, taken));
    } catch (OutOfMemoryError e) {
      LOG.error("DRAIN-055 {}: no thread can be started to watch over the end", signal, e);
    }
  }

  private synchronized void leaveBy(Leaving by) {
    if (leaving != null) {
      return;
    }
    leaving = by;
    copies.mark(drain.left());
    new Watchdog(drain, copies, by.signal(), thread).start();
    if (over) {
      Threads.keeper("drain-exit", () -> leave(by)).start();
    }
  }

  /** A signal asks for the same. */
  void join(ExitSignal other) {
    drain.ask(other.reason());
    LOG.info("DRAIN-053 {} joins what {} has begun", other, cause);
  }

  /** A signal forces the drain. */
  void force(ExitSignal other) {
    drain.force(other.reason());
    copies.mark(drain.left());
    LOG.warn("DRAIN-054 Another {}: the drain is forced", other);
  }

  /** Whether a signal is to end the process after this. */
  synchronized boolean leaves() {
    return leaving != null;
  }

  // ---------------------------------------------------------------- the thread drain-exit

  @Override
  public void run() {
    if (drainedBefore) {
      LOG.info("DRAIN-052 {}: {} is drained already", cause, installed.pod());
    } else {
      LOG.info("DRAIN-052 {}: draining {}", cause, installed.pod());
    }
    drain.await();
    stop();
    stopped.countDown();
    Leaving left = over();
    if (left != null) {
      leave(left);
    }
  }

  /** One stop that fails stops no other. */
  private void stop() {
    List<Runnable> stops = installed.stops();
    Thread.currentThread().setContextClassLoader(installed.classLoader());
    for (int i = 0; i < stops.size(); i++) {
      try {
        stops.get(i).run();
      } catch (Throwable e) {
        LOG.warn(
            "DRAIN-056 Stop {} of {} of pod {} failed", i + 1, stops.size(), installed.pod(), e);
      }
    }
  }

  private synchronized @Nullable Leaving over() {
    over = true;
    return leaving;
  }

  private void leave(Leaving left) {
    ExitSignal signal = left.signal();
    copies.unmark();
    copies.awaitOthers();
    LOG.info(
        "DRAIN-057 {}: {}; calling the handler before ours",
        signal,
        installed.stops().isEmpty() ? "drained" : "drained and stopped");
    boolean called = left.taken().followsCopy(); // when the signal arrived
    @Nullable String why = called ? null : left.taken().passOn();
    if (why == null) {
      // It may have begun something on another thread that ends the JVM. Half of what is left is
      // for that, the other half for shutdown hooks. A handler that does nothing delays the exit.
      why = "it has returned, and has not ended the process";
      Duration most = installed.coordinator().policy().stopMargin();
      pause(Math.min(drain.left(), most.toNanos()) / 2);
    }
    LOG.info(
        "DRAIN-058 {}: exiting with {}; of the handler before ours: {}",
        signal,
        signal.exitCode(),
        why);
    System.exit(signal.exitCode());
  }

  private static void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // leaves all the same
    }
  }

  // ---------------------------------------------------------------- those that wait for it

  /**
   * Waits until the servers are stopped, or all time is over. It does not wait for itself: not on
   * its own thread, and not when one of the stops ends the JVM.
   */
  void awaitStopped() {
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      while (!stopped.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        if (exits(thread)) {
          return;
        }
        if (drain.left() <= 0) {
          LOG.error("DRAIN-059 {}: time is up, the stops are left behind", cause);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the rest does not belong to us
    }
  }

  /** Whether a thread ends the JVM, and so waits for its shutdown hooks. */
  static boolean exits(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit"));
  }
}
