package io.gracefuldrain.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of an aware socket. Immutable.
 *
 * <pre>{@code
 * AwareOptions options =
 *     AwareOptions.defaults()
 *         .withReady((next, moving) -> join(next, "room 7"))
 *         .withDedupe(Dedupe.property("sequence"))
 *         .withOverlap(Duration.ofSeconds(1));
 * }</pre>
 */
public final class AwareOptions {
  private static final Duration OVERLAP_MOST = Duration.ofMillis(Bounds.OVERLAP_MOST_MS);
  private static final AwareOptions DEFAULTS =
      new AwareOptions(null, Dedupe.property("drainId"), Duration.ofMillis(Bounds.OVERLAP_MS));

  private final @Nullable Ready ready;
  private final @Nullable Dedupe dedupe;
  private final Duration overlap;

  private AwareOptions(@Nullable Ready ready, @Nullable Dedupe dedupe, Duration overlap) {
    this.ready = ready;
    this.dedupe = dedupe;
    this.overlap = overlap;
  }

  /** Nothing to make ready, message ids in the property {@code drainId}, an overlap of 500 ms. */
  public static AwareOptions defaults() {
    return DEFAULTS;
  }

  /** Sets the application's work on each new connection before its use, such as joining rooms. */
  public AwareOptions withReady(Ready ready) {
    return new AwareOptions(ready, dedupe, overlap);
  }

  /** Sets where the id of a message is found. An event with a known id is dropped. */
  public AwareOptions withDedupe(Dedupe dedupe) {
    return new AwareOptions(ready, dedupe, overlap);
  }

  /**
   * Drops nothing. An event that both pods send during the overlap of a move then arrives twice.
   */
  public AwareOptions withoutDedupe() {
    return new AwareOptions(ready, null, overlap);
  }

  /**
   * Sets how long the client listens to the old connection once the new one is current.
   *
   * @param overlap 0 to 60 s, in whole milliseconds
   * @throws IllegalArgumentException for any other value
   */
  public AwareOptions withOverlap(Duration overlap) {
    if (overlap.isNegative() || overlap.compareTo(OVERLAP_MOST) > 0) {
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
