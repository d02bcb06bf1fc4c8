package io.gracefuldrain.sample.plan;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How a pod takes handshakes: one after the other, each as long as its rate says. The first one in
 * a new process takes longer, since its code is loaded; the next ones take a hundredth of that
 * more, which fades over some hundred handshakes while their code is compiled. Those behind wait.
 * It may stand still once.
 */
final class Receiver {
  private static final double WARMING = 0.01;
  private static final double FADES_OVER = 200;
  private static final long STALLS_AFTER = Duration.ofSeconds(4).toNanos();

  private final long each;
  private final long first;
  private final long stall;
  private final boolean cold;
  // When those that it has not yet taken will be.
  private final Deque<Long> waiting = new ArrayDeque<>();
  private int deepest;
  private long taken;
  private long freeAt;
  private long stallsAt;
  private boolean stalled;

  private Receiver(Scenario.Speed speed, boolean cold) {
    this.each = Math.max(1, Math.round(1e9 / speed.perSecond()));
    this.first = Math.max(each, speed.first().toNanos());
    this.stall = speed.stall().toNanos();
    this.cold = cold;
  }

  static Receiver warm(Scenario.Speed speed) {
    return new Receiver(speed, false);
  }

  static Receiver cold(Scenario.Speed speed) {
    return new Receiver(speed, true);
  }

  /** Takes a handshake that arrives now, behind those that wait; returns when it is done. */
  long take(long now) {
    stallsAt = taken == 0 ? now + STALLS_AFTER : stallsAt;
    freeAt = Math.max(freeAt, now);
    if (cold && !stalled && freeAt >= stallsAt) {
      stalled = true;
      freeAt = Math.max(now, freeAt + stall - Math.max(0, now - stallsAt));
    }
    freeAt += cost();
    taken++;
    while (!waiting.isEmpty() && waiting.element() <= now) {
      waiting.remove();
    }
    waiting.add(freeAt);
    deepest = Math.max(deepest, waiting.size());
    return freeAt;
  }

  /** How long one more would wait now, behind all that are there. */
  long backlog(long now) {
    return Math.max(0, freeAt - now);
  }

  /** How many were there at the same time, at most. */
  int deepest() {
    return deepest;
  }

  private long cost() {
    if (!cold) {
      return each;
    }
    return taken == 0 ? first : each + (long) (first * WARMING * Math.exp(-taken / FADES_OVER));
  }

  /** How many arrivals a second would keep it busy all the time, once it is warm. */
  double perSecond() {
    return (double) Duration.ofSeconds(1).toNanos() / each;
  }
}
