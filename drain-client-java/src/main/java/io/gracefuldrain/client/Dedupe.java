package io.gracefuldrain.client;

import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * Finds the id of a message in an event. Two events with the same id are the same message.
 *
 * <pre>{@code
 * Dedupe bySequence = Dedupe.property("sequence");
 * Dedupe byRoom = (event, args) -> event.equals("news") ? args[0] + "/" + args[1] : null;
 * }</pre>
 */
@FunctionalInterface
public interface Dedupe {
  /**
   * The message's id. Ids are compared as text within a namespace. An event without an id (null) is
   * never dropped. Called on socket.io's event thread.
   */
  @Nullable Object id(String event, Object[] args);

  /** Takes the property of that name from the first argument that is an object. */
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
