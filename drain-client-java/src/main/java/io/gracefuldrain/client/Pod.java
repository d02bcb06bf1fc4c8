package io.gracefuldrain.client;

import org.json.JSONObject;

/** Who a connection leads to, as its {@code drain:hello} said. */
record Pod(String pod, String generation) {
  /** Of a connection that was not greeted. */
  static final Pod UNKNOWN = new Pod("unknown", "unknown");

  static Pod of(Object[] hello) {
    return hello.length > 0 && hello[0] instanceof JSONObject fields
        ? new Pod(fields.optString("pod", "unknown"), fields.optString("generation", "unknown"))
        : UNKNOWN;
  }

  boolean known() {
    return !equals(UNKNOWN);
  }

  JSONObject toJson() {
    return new JSONObject().put("pod", pod).put("generation", generation);
  }
}
