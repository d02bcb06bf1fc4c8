package io.gracefuldrain;

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

  /** For the listeners' queue, which is filled under the lock, so that news keeps its order. */
  void tell(Consumer<DrainListener> news) {
    assert monitor.held();
    if (!listeners.tell(news)) {
      monitor.after(listeners::warnOfDrops);
    }
  }

  /** For those who wait for a drain. It has a thread of its own, since a waiter may block. */
  void complete(DrainRecord record, DrainReport receipt) {
    monitor.after(() -> complete(() -> record.complete(receipt)));
  }

  private static void complete(Runnable completion) {
    Thread thread = new Thread(completion, "drain-done");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // no thread to be had: better here than never
      completion.run();
    }
  }
}
