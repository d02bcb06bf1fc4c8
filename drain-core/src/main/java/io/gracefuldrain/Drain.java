package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * A drain, as one of those that asked for it has it:
 *
 * <pre>{@code
 * Drain drain = coordinator.drain(DrainReason.MANUAL, "node 7 gets a new kernel");
 * drain.within(Duration.ofSeconds(20));
 * drain.done().thenAccept(receipt -> log.info(receipt.toText()));
 * }</pre>
 *
 * <p>It stays that drain: when the drain was recalled and another one has begun, this one is over.
 * Thread-safe; no method blocks.
 */
public final class Drain {
  /**
   * How far a drain is.
   *
   * @param accounted how many connections have had their outcome
   * @param tracked how many connections there were at the beginning, and have come since
   */
  public record Progress(int accounted, int tracked) {}

  private final Monitor monitor;
  private final DrainLifecycle lifecycle;
  private final DrainRecord record;
  private final CompletionStage<DrainReport> done;

  Drain(
      Monitor monitor,
      DrainLifecycle lifecycle,
      DrainRecord record,
      CompletionStage<DrainReport> done) {
    this.monitor = monitor;
    this.lifecycle = lifecycle;
    this.record = record;
    this.done = done;
  }

  /**
   * Completes with the receipt when the drain is done, or recalled. Each asker has a completion of
   * its own, on a thread of its own; a caller cannot complete it. It fails with an {@link
   * IllegalStateException} if the coordinator is closed before.
   */
  public CompletionStage<DrainReport> done() {
    return done;
  }

  /**
   * How long the drain may still take, linger included; zero when it is over. Somebody may tighten
   * it, so ask again before each long step.
   */
  public Duration deadline() {
    return monitor.get(() -> lifecycle.timeLeft(record));
  }

  /** How far it is; cheap, unlike a {@linkplain DrainCoordinator#report report}. */
  public Progress progress() {
    return monitor.get(() -> new Progress(record.accounted(), record.tracked()));
  }

  /**
   * Tightens the deadline. It never moves back: a later one than the drain's own changes nothing.
   *
   * @param time from now; zero forces at once
   * @return this drain
   * @throws IllegalArgumentException if the time is negative
   * @throws IllegalStateException if the coordinator is closed, or the drain was recalled
   */
  public Drain within(Duration time) {
    if (Objects.requireNonNull(time, "within").isNegative()) {
      throw new IllegalArgumentException("within: " + time + " (expected: >= 0)");
    }
    monitor.run(() -> lifecycle.tighten(record, time));
    return this;
  }

  /**
   * Takes the drain back for everybody who asked for it, as {@link DrainCoordinator#resume()}.
   *
   * @throws IllegalStateException if the coordinator is closed, the drain was recalled already, or
   *     a signal or the end of the process has asked for it
   */
  public void recall() {
    monitor.run(() -> lifecycle.recall(record));
  }
}
