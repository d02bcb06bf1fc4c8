package io.gracefuldrain.client;

import java.net.URI;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A server's {@code drain:reconnect}. */
record Hint(String reason, long graceMs, String ticket, @Nullable URI url) {
  /** Reads a hint; null if a required field is missing or has another type. */
  static @Nullable Hint of(Object[] args) {
    if (args.length == 0 || !(args[0] instanceof JSONObject fields)) {
      return null;
    }
    if (!(fields.opt("ticket") instanceof String ticket)
        || ticket.isEmpty()
        || !(fields.opt("graceMs") instanceof Number graceMs)
        || graceMs.longValue() < 0) {
      return null;
    }
    String reason = fields.opt("reason") instanceof String said ? said : "drain";
    Object url = fields.opt("url");
    if (url == null || url.equals(JSONObject.NULL) || url.equals("")) {
      return new Hint(reason, graceMs.longValue(), ticket, null);
    }
    try {
      return new Hint(reason, graceMs.longValue(), ticket, Address.parse("url", url.toString()));
    } catch (IllegalArgumentException e) {
      return null; // the server did not ask for a move to any other address
    }
  }
}
