package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A server's wish that its client move.
 *
 * @param graceMs how long that may take
 * @param ticket what the client brings to where it goes
 */
record Hint(String reason, long graceMs, String ticket) {
  /** What a server's event says, or null if it is malformed. */
  static @Nullable Hint read(JsonNode payload) {
    JsonNode ticket = payload.path("ticket");
    JsonNode graceMs = payload.path("graceMs");
    return ticket.isTextual() && graceMs.isIntegralNumber() && graceMs.longValue() >= 0
        ? new Hint(payload.path("reason").asText(), graceMs.longValue(), ticket.textValue())
        : null;
  }
}
