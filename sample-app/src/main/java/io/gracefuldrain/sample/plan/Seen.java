package io.gracefuldrain.sample.plan;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import java.time.Duration;

/** What is seen of a rollout while it is played. */
final class Seen {
  /** Stretches of arrivals, as they are compared with real ones. */
  static final Duration STRETCH = Duration.ofMillis(100);

  /** Since the first slot. */
  final Curve arrivals = new Curve(STRETCH.toNanos());

  final Times connects = new Times();
  final Times away = new Times();
  final Times bystanders = new Times();
  final Times overlaps = new Times();
  private long firstSlot = -1;
  private long lastSlot;
  private int refused;
  private int timedOut;
  private int recovered;
  private int notRecovered;
  private int forced;
  private int lost;
  private int largest;
  private long longest;

  /** A connection is asked to go. */
  void slot(long now) {
    firstSlot = firstSlot < 0 ? now : firstSlot;
    lastSlot = now;
  }

  /** A handshake reaches a pod. */
  void arrived(Pod pod, long now) {
    arrivals.add(now - firstSlot);
    pod.arrivals.add(now);
  }

  void refused() {
    refused++;
  }

  void timedOut() {
    timedOut++;
  }

  /** A client has a connection, so long after it began to try. */
  void connected(long took) {
    connects.add(took);
  }

  /** A client was without a connection for so long. */
  void cameBack(long after) {
    away.add(after);
  }

  /** An aware client has moved, so long after its hint. */
  void overlapped(long after) {
    overlaps.add(after);
  }

  void recovered(boolean whole) {
    if (whole) {
      recovered++;
    } else {
      notRecovered++;
    }
  }

  /** A pod has drained. */
  void drained(DrainReport receipt, long took) {
    if (!receipt.addsUp() || receipt.remaining() > 0) {
      throw new IllegalStateException("receipt: " + receipt.toText() + " (expected: it adds up)");
    }
    forced += receipt.count(Outcome.FORCED);
    lost += receipt.count(Outcome.LOST);
    largest = Math.max(largest, receipt.tracked());
    longest = Math.max(longest, took);
  }

  int failedConnects() {
    return refused + timedOut;
  }

  int timeOuts() {
    return timedOut;
  }

  int recovered() {
    return recovered;
  }

  int notRecovered() {
    return notRecovered;
  }

  /** Connections that were cut since time was up, or that ended without a word. */
  int cut() {
    return forced + lost;
  }

  /** The most connections that a pod had in its drain. */
  int largestCrowd() {
    return largest;
  }

  Duration longestDrain() {
    return Duration.ofNanos(longest);
  }

  /** From the first slot to the last one. */
  Duration slots() {
    return Duration.ofNanos(Math.max(0, lastSlot - firstSlot));
  }
}
