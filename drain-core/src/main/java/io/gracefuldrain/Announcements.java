package io.gracefuldrain;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What has happened, for those to be told. Noted under the coordinator's lock, told without it. */
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

  /** For the listeners' queue, which is filled under the lock, so that news keep their order. */
  void tell(Consumer<DrainListener> news) {
    assert monitor.held();
    if (!listeners.tell(news)) {
      monitor.after(listeners::warnOfDrops);
    }
  }

  /**
   * For those who wait for a drain; the second time, nothing. On a thread of its own, since
   * whatever waits may block.
   */
  void complete(DrainRecord record, DrainReport receipt) {
    if (record.completed) {
      return;
    }
    record.completed = true;
    monitor.after(
        () -> {
          Thread thread = new Thread(() -> record.done.complete(receipt), "drain-done");
          thread.setDaemon(true);
          try {
            thread.start();
          } catch (OutOfMemoryError e) { // no thread to be had: better here than never
            record.done.complete(receipt);
          }
        });
  }
}
