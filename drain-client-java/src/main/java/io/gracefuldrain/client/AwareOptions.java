package io.gracefuldrain.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a socket is aware. Immutable. */
public final class AwareOptions {
  private static final Duration LONGEST_OVERLAP = Duration.ofSeconds(60);
  private static final AwareOptions DEFAULTS =
      new AwareOptions(null, Dedupe.property("drainId"), Duration.ofMillis(500));

  private final @Nullable Ready ready;
  private final @Nullable Dedupe dedupe;
  private final Duration overlap;

  private AwareOptions(@Nullable Ready ready, @Nullable Dedupe dedupe, Duration overlap) {
    this.ready = ready;
    this.dedupe = dedupe;
    this.overlap = overlap;
  }

  /** Nothing to make ready, ids by the property {@code drainId}, an overlap of 500 ms. */
  public static AwareOptions defaults() {
    return DEFAULTS;
  }

  /** What the application does on each new connection, before it is used: rooms to join. */
  public AwareOptions withReady(Ready ready) {
    return new AwareOptions(ready, dedupe, overlap);
  }

  /** How an event's id is found; one that was seen before is dropped. */
  public AwareOptions withDedupe(Dedupe dedupe) {
    return new AwareOptions(ready, dedupe, overlap);
  }

  /** Nothing is dropped: what both pods send while a move overlaps comes twice. */
  public AwareOptions withoutDedupe() {
    return new AwareOptions(ready, null, overlap);
  }

  /**
   * How long the old connection is listened to after the new one has taken over.
   *
   * @param overlap 0 to 60 s, in whole milliseconds
   * @throws IllegalArgumentException outside of that
   */
  public AwareOptions withOverlap(Duration overlap) {
    if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
      throw new IllegalArgumentException("overlap: " + overlap + " (expected: 0 to 60 s)");
    }
    return new AwareOptions(ready, dedupe, overlap);
  }

  @Nullable Ready ready() {
    return ready;
  }

  @Nullable Dedupe dedupe() {
    return dedupe;
  }

  Duration overlap() {
    return overlap;
  }
}
