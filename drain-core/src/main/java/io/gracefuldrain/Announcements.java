package io.gracefuldrain;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** News to tell: noted under the coordinator's lock, told without it. */
final class Announcements {
  private final Monitor monitor;
  private final Journal journal;
  private final Listeners listeners;

  Announcements(Monitor monitor, Journal journal, Listeners listeners) {
    this.monitor = monitor;
    this.journal = journal;
    this.listeners = listeners;
  }

  void info(Json line) {
    monitor.after(() -> journal.info(line));
  }

  void warn(Json line, @Nullable Throwable cause) {
    monitor.after(() -> journal.warn(line, cause));
  }

  void receipt(DrainReport receipt) {
    monitor.after(() -> journal.receipt(receipt));
  }

  /** For the listeners' queues, which are filled under the lock, so that news keeps its order. */
  void phaseChanged(Consumer<DrainListener> news) {
    assert monitor.held();
    warnOfDrops(listeners.tellPhase(news));
  }

  /** As {@link #phaseChanged}; such news may be dropped. */
  void connectionEnded(String connection, Outcome outcome) {
    assert monitor.held();
    warnOfDrops(listeners.tellOutcome(listener -> listener.connectionEnded(connection, outcome)));
  }

  private void warnOfDrops(boolean worthALine) {
    if (worthALine) {
      monitor.after(listeners::warnOfDrops);
    }
  }

  /**
   * For those who wait for a drain, once its receipt is out. Each is told on a thread of its own,
   * since it may block; the first in the list are told first.
   */
  void complete(List<Runnable> completions) {
    monitor.after(
        () ->
            onThread(
                () -> {
                  journal.awaitReceipt();
                  completions.forEach(Announcements::onThread);
                }));
  }

  /** Runs foreign code, which may block, on a thread of its own. */
  static void onThread(Runnable completion) {
    Thread thread = new Thread(completion, "drain-done");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // no thread to be had: better here than never
      completion.run();
    }
  }
}
