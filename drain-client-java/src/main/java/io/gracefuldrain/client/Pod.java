package io.gracefuldrain.client;

import org.json.JSONObject;

/** Who a connection leads to, as its {@code drain:hello} said. */
record Pod(String pod, String generation) {
  /** Of a connection that was not greeted. */
  static final Pod UNKNOWN = new Pod("unknown", "unknown");

  /** What a hello says; a malformed one is none. */
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
