package io.gracefuldrain.lab;

/**
 * The events of the service that the crowd speaks to. The sample serves them; a test of the sample
 * holds both to the same names.
 */
public final class FeedEvents {
  /** Up, acknowledged with the pod: {@code {name, generation, phase}}. */
  public static final String WHO_AM_I = "whoami";

  /** Down, at the interval that the handshake asked for: {@code {n, at, pod}}. */
  public static final String FEED = "feed";

  /** Up: {@code {n}}, acknowledged with {@code {n, count, pod}}. */
  public static final String UP = "up";

  /** Up: {@code {id}}, acknowledged with {@code {id, pod, tookMs}} when the work is done. */
  public static final String ORDER = "order";

  /** Handshake query: milliseconds between two messages of the feed. */
  public static final String FEED_MS = "feedMs";

  /** The shortest interval that may be asked for. */
  public static final int FEED_MS_MIN = 10;

  /** The longest. */
  public static final int FEED_MS_MAX = 10_000;

  private FeedEvents() {}
}
