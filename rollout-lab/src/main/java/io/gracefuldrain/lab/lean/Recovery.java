package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a stock JavaScript client, from 4.6 on, keeps to have its session recovered: the {@code pid}
 * that the server has given, and the last text that ended an event. Used on the client's event loop
 * only.
 */
final class Recovery {
  private @Nullable String pid;
  private @Nullable String offset;

  /** Whether it asks for an earlier session. */
  boolean asks() {
    return pid != null;
  }

  /** The packet that asks for a connection. */
  String connect() {
    if (pid == null) {
      return "40";
    }
    ObjectNode auth = JsonNodeFactory.instance.objectNode().put("pid", pid);
    if (offset != null) {
      auth.put("offset", offset);
    }
    return "40" + auth;
  }

  /** The server's answer to it; returns whether the session was recovered. */
  boolean answered(JsonNode answer) {
    String given = answer.path("pid").asText("");
    boolean recovered = !given.isEmpty() && given.equals(pid);
    pid = given.isEmpty() ? null : given;
    return recovered;
  }

  /** An event that wants no acknowledgement has come: its name and its arguments. */
  void heard(JsonNode event) {
    JsonNode last = event.path(event.size() - 1);
    if (pid != null && last.isTextual()) {
      offset = last.textValue();
    }
  }
}
