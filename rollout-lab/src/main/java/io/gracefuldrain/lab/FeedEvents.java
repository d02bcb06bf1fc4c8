package io.gracefuldrain.lab;

/**
 * The names of the events that the crowd exchanges with a service. The sample serves them, and a
 * test of the sample holds both to the same names.
 */
public final class FeedEvents {
  /** From the client, acknowledged with the pod: {@code {name, generation, phase}}. */
  public static final String WHO_AM_I = "whoami";

  /** From the server, at the interval in the handshake: {@code {n, at, pod}}. */
  public static final String FEED = "feed";

  /** From the client: {@code {n}}, acknowledged with {@code {n, count, pod}}. */
  public static final String UP = "up";

  /**
   * From the client: {@code {id}}, acknowledged with {@code {id, pod, tookMs}} when the work is
   * done.
   */
  public static final String ORDER = "order";

  /** From the client: {@code {n}} and perhaps bytes, without an acknowledgement. */
  public static final String POST = "post";

  /** Handshake query, {@code 1}: each second message of the feed comes with bytes. */
  public static final String BYTES = "bytes";

  /** Handshake query: milliseconds between two messages of the feed. */
  public static final String FEED_MS = "feedMs";

  /** The shortest interval of the feed that a client may request. */
  public static final int FEED_MS_MIN = 10;

  /** The longest interval of the feed that a client may request. */
  public static final int FEED_MS_MAX = 10_000;

  private FeedEvents() {}
}
