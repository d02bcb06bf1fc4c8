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
  /** Reads the hint from a server's event; null if it is malformed. */
  static @Nullable Hint read(JsonNode payload) {
    JsonNode ticket = payload.path("ticket");
    JsonNode graceMs = payload.path("graceMs");
    return ticket.isTextual() && graceMs.isIntegralNumber() && graceMs.longValue() >= 0
        ? new Hint(payload.path("reason").asText(), graceMs.longValue(), ticket.textValue())
        : null;
  }
}
