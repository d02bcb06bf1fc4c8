package io.gracefuldrain.client;

import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A server's {@code drain:reconnect}. */
record Hint(String reason, long graceMs, String ticket, @Nullable String url) {
  /** What a server said; null: what it must say is missing or of another type. */
  static @Nullable Hint of(Object[] args) {
    if (args.length == 0 || !(args[0] instanceof JSONObject fields)) {
      return null;
    }
    if (!(fields.opt("ticket") instanceof String ticket)
        || !(fields.opt("graceMs") instanceof Number graceMs)
        || graceMs.longValue() < 0) {
      return null;
    }
    String reason = fields.opt("reason") instanceof String said ? said : "drain";
    String url = fields.opt("url") instanceof String said && !said.isEmpty() ? said : null;
    return new Hint(reason, graceMs.longValue(), ticket, url);
  }
}
