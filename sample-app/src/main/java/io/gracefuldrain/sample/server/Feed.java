package io.gracefuldrain.sample.server;

import io.gracefuldrain.lab.process.DaemonThreads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each reader its numbered messages. Readers with the same interval get the same numbers at
 * the same time. Thread-safe.
 */
final class Feed implements AutoCloseable {
  /** How far back that is: less than the shortest time that a stock client is away, 500 ms. */
  static final int BACK_MS = 300;

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** Gets messages. */
  interface Reader {
    /** Its interval, in milliseconds. */
    int feedMs();

    /**
     * Whether it first gets the messages of the last moments again. This pod may be ahead of the
     * one that its client comes from: what was sent here already, and not yet there, would not come
     * at all. What came twice is known by its id.
     */
    default boolean catchesUp() {
      return false;
    }

    /** Whether it gets the messages that are due now. Asked each time before anything is sent. */
    boolean listens();

    void send(String event, Object payload);
  }

  /** Time, which tests set by hand. */
  interface Timer {
    /** Milliseconds since the epoch; never goes back. */
    long nowMs();

    void run(Runnable task, long delayMs);
  }

  private final String pod;
  private final Timer timer;
  private final Runnable closing;

  // Each pulse has one task that waits or runs. Guarded by its own lock.
  private final Map<Integer, Pulse> pulses = new HashMap<>();

  /**
   * @param pod the name of the pod whose feed it is
   */
  static Feed start(String pod) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("sample-feed"));
    // Tasks that wait when the feed closes are dropped: neither run nor refused with an exception.
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    LongSupplier clock = steadyClock();
    Timer timer =
        new Timer() {
          @Override
          public long nowMs() {
            return clock.getAsLong();
          }

          @Override
          @SuppressWarnings("FutureReturnValueIgnored") // the task logs what fails
          public void run(Runnable task, long delayMs) {
            if (!executor.isShutdown()) {
              executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
            }
          }
        };
    return new Feed(pod, timer, executor::shutdownNow);
  }

  /** The wall clock may be set while the process runs; numbers must not jump. */
  private static LongSupplier steadyClock() {
    long epochMs = System.currentTimeMillis();
    long startNanos = System.nanoTime();
    return () -> epochMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  Feed(String pod, Timer timer, Runnable closing) {
    this.pod = pod;
    this.timer = timer;
    this.closing = closing;
  }

  void add(Reader reader) {
    synchronized (pulses) {
      Pulse pulse = pulses.get(reader.feedMs());
      if (pulse == null) {
        pulse = new Pulse(new FeedSchedule(reader.feedMs()));
        pulses.put(reader.feedMs(), pulse);
        pulse.scheduleNext();
      }
      if (reader.catchesUp()) {
        pulse.behind.add(reader);
      }
      pulse.readers.add(reader);
    }
  }

  void remove(Reader reader) {
    synchronized (pulses) {
      Pulse pulse = pulses.get(reader.feedMs());
      if (pulse != null) {
        pulse.readers.remove(reader);
        pulse.behind.remove(reader);
      }
    }
  }

  @Override
  public void close() {
    closing.run();
  }

  /** All readers of one interval. */
  private final class Pulse implements Runnable {
    private final FeedSchedule schedule;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    // Those of them that have not caught up yet.
    private final Set<Reader> behind = ConcurrentHashMap.newKeySet();
    // Used only by the task that waits or runs.
    private long sent;

    Pulse(FeedSchedule schedule) {
      this.schedule = schedule;
      this.sent = schedule.numberAt(timer.nowMs());
    }

    void scheduleNext() {
      timer.run(this, schedule.waitFor(sent + 1, timer.nowMs()));
    }

    @Override
    public void run() {
      try {
        send();
      } catch (RuntimeException e) {
        LOG.warn("feed: a message every {} ms could not be sent", schedule.everyMs(), e);
      } finally {
        goOn();
      }
    }

    private void send() {
      List<Reader> listening = readers.stream().filter(Reader::listens).toList();
      long now = timer.nowMs();
      long first = schedule.resumeAfter(sent, now);
      if (first > sent + 1) {
        LOG.warn("feed: stalled, {} numbers were not sent", first - sent - 1);
      }
      sent = schedule.numberAt(now);
      List<Reader> late = listening.stream().filter(behind::remove).toList();
      send(late, schedule.numberAt(now - BACK_MS) + 1, first - 1);
      send(listening, first, sent);
    }

    private void send(List<Reader> to, long first, long last) {
      for (long n = first; n <= last && !to.isEmpty(); n++) {
        Events.Message message = new Events.Message(n, schedule.dueAt(n), pod);
        to.forEach(reader -> reader.send(Events.FEED, message));
      }
    }

    private void goOn() {
      synchronized (pulses) {
        if (readers.isEmpty()) {
          pulses.remove(schedule.everyMs());
        } else {
          scheduleNext();
        }
      }
    }
  }
}
