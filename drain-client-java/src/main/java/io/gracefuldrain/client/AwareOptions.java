package io.gracefuldrain.client;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The options of an aware socket. Immutable. Two are equal if all their parts are.
 *
 * <pre>{@code
 * AwareOptions options =
 *     AwareOptions.defaults()
 *         .withReady((next, moving) -> next.emitWithAck("join", "room 7"))
 *         .withDedupe(Dedupe.property("sequence"))
 *         .withOverlap(Duration.ofSeconds(1));
 * }</pre>
 */
public final class AwareOptions {
  private static final Duration OVERLAP_MOST = Duration.ofMillis(Bounds.OVERLAP_MOST_MS);
  private static final Ready NOTHING = (next, moving) -> null;
  private static final AwareOptions DEFAULTS =
      new AwareOptions(
          null, Dedupe.property("drainId"), Duration.ofMillis(Bounds.OVERLAP_MS), null, null);
  private static final AwareOptions QUIET = DEFAULTS.withReady(NOTHING);

  private final @Nullable Ready ready;
  private final @Nullable Dedupe dedupe;
  private final Duration overlap;
  private final @Nullable Predicate<String> origins;
  private final @Nullable BiConsumer<String, Map<String, Object>> log;

  private AwareOptions(
      @Nullable Ready ready,
      @Nullable Dedupe dedupe,
      Duration overlap,
      @Nullable Predicate<String> origins,
      @Nullable BiConsumer<String, Map<String, Object>> log) {
    this.ready = ready;
    this.dedupe = dedupe;
    this.overlap = overlap;
    this.origins = origins;
    this.log = log;
  }

  /**
   * After a move the application gets {@code connect}, where it joins its rooms as at any connect.
   * Message ids are in the property {@code drainId}. The overlap is 500 ms. A hint is followed to
   * the application's own origin only.
   */
  public static AwareOptions defaults() {
    return DEFAULTS;
  }

  /**
   * The same, but the application gets no {@code connect} after a move. It has nothing to make
   * ready: its server needs no rooms or logins, or keeps them by user.
   */
  public static AwareOptions quiet() {
    return QUIET;
  }

  /**
   * Sets the application's work on each new connection before its use, such as joining rooms. Moves
   * are quiet then: the application gets no {@code connect}.
   */
  public AwareOptions withReady(Ready ready) {
    return new AwareOptions(ready, dedupe, overlap, origins, log);
  }

  /** Sets where the id of a message is found. What two connections bring is delivered once. */
  public AwareOptions withDedupe(Dedupe dedupe) {
    return new AwareOptions(ready, dedupe, overlap, origins, log);
  }

  /**
   * Drops nothing. An event that both pods send during the overlap of a move then arrives twice.
   */
  public AwareOptions withoutDedupe() {
    return new AwareOptions(ready, null, overlap, origins, log);
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
    return new AwareOptions(ready, dedupe, overlap, origins, log);
  }

  /**
   * Sets to which other origins a hint may lead, such as {@code https://eu.example.org}. The
   * application's query, headers and {@code auth} go there.
   *
   * @throws IllegalArgumentException if one of them is no address
   */
  public AwareOptions withOrigins(String... origins) {
    return withOrigins(new Named(origins));
  }

  /**
   * Sets to which other origins a hint may lead. The function is given an origin, such as {@code
   * https://eu.example.org} or {@code http://10.0.0.1:8080}, on socket.io's event thread.
   */
  public AwareOptions withOrigins(Predicate<String> allowed) {
    return new AwareOptions(ready, dedupe, overlap, allowed, log);
  }

  /**
   * Sets what is told of each step of a move, of each message that is ignored, and of each hint
   * that leads to a foreign origin: what happens, and its details by name. It is called on
   * socket.io's event thread.
   */
  public AwareOptions withLog(BiConsumer<String, Map<String, Object>> log) {
    return new AwareOptions(ready, dedupe, overlap, origins, log);
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

  @Nullable Predicate<String> origins() {
    return origins;
  }

  @Nullable BiConsumer<String, Map<String, Object>> log() {
    return log;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof AwareOptions)) {
      return false;
    }
    AwareOptions that = (AwareOptions) other;
    return Objects.equals(ready, that.ready)
        && Objects.equals(dedupe, that.dedupe)
        && overlap.equals(that.overlap)
        && Objects.equals(origins, that.origins)
        && Objects.equals(log, that.log);
  }

  @Override
  public int hashCode() {
    return Objects.hash(ready, dedupe, overlap, origins, log);
  }

  /** A list of origins. */
  private static final class Named implements Predicate<String> {
    private final Set<String> origins = new LinkedHashSet<>();

    Named(String... given) {
      for (String each : given) {
        origins.add(Address.origin(Address.parse("origins", each)));
      }
    }

    @Override
    public boolean test(String origin) {
      return origins.contains(origin);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Named && origins.equals(((Named) other).origins);
    }

    @Override
    public int hashCode() {
      return origins.hashCode();
    }
  }
}
