package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A reconnect hint: the server wants its client to move.
 *
 * @param graceMs how long the move may take
 * @param ticket the text that the client shows to the next pod
 */
record Hint(String reason, long graceMs, String ticket) {
  /** The most that counts of a duration that a server says. */
  static final long DURATION_MOST_MS = 3_600_000;

  /** Reads the hint from a server's event; null if it is malformed. */
  static @Nullable Hint read(JsonNode payload) {
    JsonNode reason = payload.path("reason");
    JsonNode ticket = payload.path("ticket");
    JsonNode graceMs = payload.path("graceMs");
    return reason.isTextual() && isText(ticket) && isDuration(graceMs)
        ? new Hint(reason.textValue(), bounded(graceMs), ticket.textValue())
        : null;
  }

  /** Whether it is a text that is not empty. */
  static boolean isText(JsonNode value) {
    return value.isTextual() && !value.textValue().isEmpty();
  }

  /** Whether it is a number of milliseconds, from 0. */
  static boolean isDuration(JsonNode value) {
    return value.isNumber() && value.doubleValue() >= 0;
  }

  /** The milliseconds that count of a duration. */
  static long bounded(JsonNode duration) {
    return (long) Math.min(duration.doubleValue(), DURATION_MOST_MS);
  }
}
