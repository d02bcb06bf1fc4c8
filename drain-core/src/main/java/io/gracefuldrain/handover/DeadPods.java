package io.gracefuldrain.handover;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The pods that do not answer: for a while hardly anybody waits for them. One that cannot be
 * reached counts at once. One that is late counts only when it is late several times in a row and
 * has answered nobody meanwhile: else it is this pod that is slow. Thread-safe.
 */
final class DeadPods {
  /** How long a pod is not asked. */
  static final long REMEMBERED = TimeUnit.SECONDS.toNanos(5);

  /** How often it is asked all the same, to find out whether it answers again. */
  static final long TRIED = TimeUnit.MILLISECONDS.toNanos(500);

  /** How often in a row it may be late. */
  static final int LATES = 3;

  private static final int MOST = 1_000;

  private record Failed(int times, long at, long triedAt) {}

  private final Time time;

  // Both are guarded by this, and what was noted first is the first.
  private final Map<InetSocketAddress, Failed> failed = new LinkedHashMap<>();
  private final Map<InetSocketAddress, Long> answers = new LinkedHashMap<>();

  DeadPods(Time time) {
    this.time = time;
  }

  /** Whether a pod is not to be asked now; a pod that is asked all the same has its try with it. */
  synchronized boolean dead(InetSocketAddress pod) {
    Failed last = failed.get(pod);
    if (last == null || last.times() < LATES) {
      return false;
    }
    long now = time.nanos();
    if (now - last.at() >= REMEMBERED) {
      failed.remove(pod);
      return false;
    } else if (now - last.triedAt() >= TRIED) {
      failed.put(pod, new Failed(last.times(), last.at(), now));
      return false;
    }
    return true;
  }

  synchronized void answered(InetSocketAddress pod) {
    failed.remove(pod);
    note(answers, pod, time.nanos());
  }

  synchronized void unreachable(InetSocketAddress pod) {
    failed(pod, LATES);
  }

  /**
   * A pod has not answered in time.
   *
   * @param sentAt when it was asked
   */
  synchronized void late(InetSocketAddress pod, long sentAt) {
    Long answered = answers.get(pod);
    if (answered == null || answered - sentAt < 0) {
      Failed last = failed.get(pod);
      failed(pod, last == null ? 1 : last.times() + 1);
    }
  }

  private void failed(InetSocketAddress pod, int times) {
    note(failed, pod, new Failed(times, time.nanos(), time.nanos()));
  }

  private static <V> void note(Map<InetSocketAddress, V> notes, InetSocketAddress pod, V value) {
    notes.remove(pod);
    notes.put(pod, value);
    if (notes.size() > MOST) {
      notes.remove(notes.keySet().iterator().next());
    }
  }
}
