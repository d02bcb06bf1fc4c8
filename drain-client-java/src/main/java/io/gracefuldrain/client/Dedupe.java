package io.gracefuldrain.client;

import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** How an event tells which message it is. */
@FunctionalInterface
public interface Dedupe {
  /**
   * The message's id, compared by its text within a namespace; null: none, and the event is never
   * dropped. Called on socket.io's event thread.
   */
  @Nullable Object id(String event, Object[] args);

  /** The property of that name of the first argument that is an object. */
  static Dedupe property(String name) {
    return (event, args) -> {
      for (Object arg : args) {
        if (arg instanceof JSONObject message) {
          Object id = message.opt(name);
          return JSONObject.NULL.equals(id) ? null : id;
        }
      }
      return null;
    };
  }
}
