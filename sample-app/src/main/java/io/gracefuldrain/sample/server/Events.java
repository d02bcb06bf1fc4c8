package io.gracefuldrain.sample.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The language of the sample's clients and servers: the events and their contents. {@code
 * docs/sample.md} describes them for people.
 */
final class Events {
  /** Up, acknowledged with {@link Pod}. Down, when the phase changes: {@link Pod}. */
  static final String WHO_AM_I = "whoami";

  /** Down: {@link Pod}. */
  static final String POD = "pod";

  /** Down: {@link Message}, at the interval in the handshake. */
  static final String FEED = "feed";

  /** Up: {@code {n}}, acknowledged with {@link Received}. */
  static final String UP = "up";

  /**
   * Up: {@code {text, from?}}, acknowledged with {@link Line}. Down, to everybody here: {@link
   * Line}.
   */
  static final String SAY = "say";

  /** Up: {@code {id}}, acknowledged with {@link Done} when the work is done. */
  static final String ORDER = "order";

  /** Down, to the client that ordered: {@link Progress}. */
  static final String PROGRESS = "progress";

  /**
   * Up, without an acknowledgement: {@code {n}}, and perhaps {@link #bytes} of the number as a
   * second argument.
   */
  static final String POST = "post";

  /** Handshake query, {@code 1}: messages of the feed with an even number come with bytes. */
  static final String BYTES = "bytes";

  /** Handshake query: milliseconds between two messages of the feed. */
  static final String FEED_MS = "feedMs";

  static final int FEED_MS_DEFAULT = 500;
  static final int FEED_MS_MIN = 10;
  static final int FEED_MS_MAX = 10_000;

  static final int TEXT_LENGTH = 500;
  static final int NAME_LENGTH = 40;

  /** Which pod it is, and where it is in its life. */
  record Pod(String name, String generation, String phase) {}

  /**
   * A message of the feed.
   *
   * @param n its number
   * @param at when it was due, in milliseconds since the epoch
   * @param drainId its id, which is the same on all pods: a client that moves, or whose session is
   *     handed over, gets it once although two pods send it
   */
  record Message(long n, long at, String pod, long drainId) {
    Message(long n, long at, String pod) {
      this(n, at, pod, n);
    }
  }

  /** The bytes that go with a number. The first is no zero, which netty-socketio would misread. */
  static byte[] bytes(long n) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(~n).putLong(n).array();
  }

  /**
   * The answer to one of the client's own numbers.
   *
   * @param n the number it sent
   * @param count how many have arrived on this connection
   */
  record Received(long n, long count, String pod) {}

  /** A line of the chat. */
  record Line(String from, String text, String pod, long at) {}

  /** How far an order is. */
  record Progress(String id, int percent, String pod) {}

  /** An order that is done. */
  record Done(String id, String pod, long tookMs) {}

  /** The error in an event, as its acknowledgement. */
  record Refused(String error) {}

  private Events() {}

  /**
   * The interval in a handshake.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static int feedMs(@Nullable String asked) {
    if (asked == null) {
      return FEED_MS_DEFAULT;
    }
    if (asked.matches("\\d{1,6}")) {
      int millis = Integer.parseInt(asked);
      if (millis >= FEED_MS_MIN && millis <= FEED_MS_MAX) {
        return millis;
      }
    }
    throw new IllegalArgumentException(
        "%s: '%s' (expected: %s to %s, in milliseconds)"
            .formatted(FEED_MS, asked, FEED_MS_MIN, FEED_MS_MAX));
  }

  /**
   * A text that an event must have.
   *
   * @throws IllegalArgumentException if it is missing, blank or too long
   */
  static String text(String event, @Nullable JsonNode data, String name, int length) {
    JsonNode value = data == null ? null : data.get(name);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw invalid(event, name, value, "a text");
    }
    String text = value.textValue().strip();
    if (text.length() > length) {
      throw invalid(event, name, value, "at most " + length + " characters");
    }
    return text;
  }

  /** A text that an event may have. */
  static String text(
      String event, @Nullable JsonNode data, String name, int length, String otherwise) {
    return data == null || !data.hasNonNull(name) ? otherwise : text(event, data, name, length);
  }

  /**
   * A number that an event must have.
   *
   * @throws IllegalArgumentException if it is missing or none
   */
  static long number(String event, @Nullable JsonNode data, String name) {
    JsonNode value = data == null ? null : data.get(name);
    if (value == null || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
      throw invalid(event, name, value, "a whole number");
    }
    return value.longValue();
  }

  private static IllegalArgumentException invalid(
      String event, String name, @Nullable JsonNode value, String expected) {
    String shown = value == null ? "missing" : value.toString();
    if (shown.length() > 60) {
      shown = shown.substring(0, 60) + "…";
    }
    return new IllegalArgumentException(
        event + "." + name + ": " + shown + " (expected: " + expected + ")");
  }
}
