package io.gracefuldrain.client;

import java.net.URI;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A server's {@code drain:reconnect}. */
final class Hint {
  /** What a hint is expected to be. */
  static final String FORM = "{reason: string, graceMs: number, ticket: string, url?: address}";

  private final String reason;
  private final long graceMs;
  private final String ticket;
  private final @Nullable URI url;

  Hint(String reason, long graceMs, String ticket, @Nullable URI url) {
    this.reason = reason;
    this.graceMs = graceMs;
    this.ticket = ticket;
    this.url = url;
  }

  /** Reads a hint; null if a required field is missing or has another type. */
  static @Nullable Hint of(Object[] args) {
    if (args.length == 0 || !(args[0] instanceof JSONObject)) {
      return null;
    }
    JSONObject fields = (JSONObject) args[0];
    Object ticket = fields.opt("ticket");
    Object graceMs = fields.opt("graceMs");
    if (!(ticket instanceof String)
        || ((String) ticket).isEmpty()
        || !(fields.opt("reason") instanceof String)
        || !(graceMs instanceof Number)
        || ((Number) graceMs).longValue() < 0) {
      return null;
    }
    String reason = (String) fields.opt("reason");
    long grace = Bounds.told(((Number) graceMs).longValue());
    Object url = fields.opt("url");
    if (url == null || url.equals(JSONObject.NULL) || url.equals("")) {
      return new Hint(reason, grace, (String) ticket, null);
    }
    try {
      URI address = Address.parse("url", url.toString());
      // With credentials, not all agree on which part is the host.
      return address.getRawUserInfo() == null
          ? new Hint(reason, grace, (String) ticket, address)
          : null;
    } catch (IllegalArgumentException e) {
      return null; // the server did not ask for a move to any other address
    }
  }

  /** The same, to the address that the client has. */
  Hint withoutUrl() {
    return new Hint(reason, graceMs, ticket, null);
  }

  String reason() {
    return reason;
  }

  long graceMs() {
    return graceMs;
  }

  String ticket() {
    return ticket;
  }

  @Nullable URI url() {
    return url;
  }
}
