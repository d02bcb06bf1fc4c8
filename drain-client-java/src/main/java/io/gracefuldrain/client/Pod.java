package io.gracefuldrain.client;

import org.json.JSONObject;

/** The pod at the other end of a connection, as its {@code drain:hello} named it. */
record Pod(String pod, String generation) {
  /** The pod of a connection without a hello. */
  static final Pod UNKNOWN = new Pod("unknown", "unknown");

  /** Reads a hello; a malformed one names no pod. */
  static Pod of(Object[] hello) {
    return hello.length > 0
            && hello[0] instanceof JSONObject fields
            && fields.opt("pod") instanceof String pod
        ? new Pod(pod, fields.optString("generation", "unknown"))
        : UNKNOWN;
  }

  boolean known() {
    return !equals(UNKNOWN);
  }

  JSONObject toJson() {
    return new JSONObject().put("pod", pod).put("generation", generation);
  }
}
