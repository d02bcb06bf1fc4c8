package io.gracefuldrain;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners, in order. Each has a thread and a bounded queue of its own, so one that is slow
 * or hangs costs no other its news.
 */
final class Listeners {
  /** How much news may wait for a listener before outcomes of connections are dropped. */
  static final int QUEUE = 65_536;

  /** Room for changes of the phase beyond that: more than a hundred drains. */
  static final int PHASES = 1024;

  private final List<Told> all = new CopyOnWriteArrayList<>();
  private final AtomicLong drops = new AtomicLong();
  private final Journal journal;
  private volatile boolean closed;

  Listeners(Journal journal) {
    this.journal = journal;
  }

  void add(DrainListener listener) {
    all.add(new Told(listener));
  }

  void remove(DrainListener listener) {
    Told told = first(listener);
    while (told != null && !all.remove(told)) { // another thread has removed it meanwhile
      told = first(listener);
    }
    if (told != null) {
      told.removed = true;
      told.thread.close();
    }
  }

  private @Nullable Told first(DrainListener listener) {
    return all.stream().filter(told -> told.listener.equals(listener)).findFirst().orElse(null);
  }

  long drops() {
    return drops.get();
  }

  /** Queues a change of the phase for the current listeners. */
  boolean tellPhase(Consumer<DrainListener> news) {
    return tell(news, QUEUE + PHASES);
  }

  /**
   * Queues the outcome of a connection for the current listeners.
   *
   * @return whether news was dropped and that is worth a line: the first time, and then every
   *     thousandth, since a full queue stays full for long
   */
  boolean tellOutcome(Consumer<DrainListener> news) {
    return tell(news, QUEUE);
  }

  private boolean tell(Consumer<DrainListener> news, int room) {
    boolean worthALine = false;
    if (!closed) {
      for (Told told : all) {
        if (!told.add(news, room)) {
          worthALine |= drops.getAndIncrement() % 1000 == 0;
        }
      }
    }
    return worthALine;
  }

  void warnOfDrops() {
    journal.warn(
        LogCode.LISTENER_QUEUE_FULL.line().put("queue", QUEUE).put("dropped", drops.get()), null);
  }

  void close() {
    closed = true;
    all.forEach(told -> told.thread.close());
  }

  /** One listener, with what it is yet to be told. */
  private final class Told {
    final DrainListener listener;
    final SerialThread thread = new SerialThread("drain-listener");
    private final AtomicInteger waiting = new AtomicInteger();
    volatile boolean removed;

    Told(DrainListener listener) {
      this.listener = listener;
    }

    /** Says whether there was room for it. */
    boolean add(Consumer<DrainListener> news, int room) {
      if (waiting.get() >= room) { // filled under the coordinator's lock, so exact enough
        return false;
      }
      waiting.incrementAndGet();
      thread.execute(() -> tell(news));
      return true;
    }

    private void tell(Consumer<DrainListener> news) {
      waiting.decrementAndGet();
      if (removed) {
        return;
      }
      try {
        news.accept(listener);
      } catch (Throwable e) { // a listener is user code: it may throw anything, and hears the next
        journal.warn(
            LogCode.LISTENER_FAILED.line().put("listener", listener.getClass().getName()), e);
      }
    }
  }
}
