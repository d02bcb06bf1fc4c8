package io.gracefuldrain.sample.plan;

import java.time.Duration;

/**
 * How a pod takes handshakes: one after the other, each as long as its rate says. The first one in
 * a new process takes longer, since its code is loaded; the next ones take a hundredth of that
 * more, which fades over some hundred handshakes while their code is compiled. Those behind wait.
 */
final class Receiver {
  private static final double WARMING = 0.01;
  private static final double FADES_OVER = 200;

  private final long each;
  private final long first;
  private final boolean cold;
  private long taken;
  private long freeAt;

  private Receiver(Scenario.Speed speed, boolean cold) {
    this.each = Math.max(1, Math.round(1e9 / speed.perSecond()));
    this.first = Math.max(each, speed.first().toNanos());
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
    freeAt = Math.max(freeAt, now) + cost();
    taken++;
    return freeAt;
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
