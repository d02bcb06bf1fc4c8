package io.gracefuldrain.client;

import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * Finds the id of a message in an event. Two events with the same name and the same id are the same
 * message. It is dropped if another connection has brought it already. One connection may bring it
 * as often as it likes.
 *
 * <pre>{@code
 * Dedupe bySequence = Dedupe.property("sequence");
 * Dedupe byRoom = (event, args) -> event.equals("news") ? args[0] + "/" + args[1] : null;
 * }</pre>
 */
@FunctionalInterface
public interface Dedupe {
  /**
   * The message's id. Ids are compared as text within a namespace and an event's name. An event
   * without an id (null) is never dropped. Called on socket.io's event thread.
   */
  @Nullable Object id(String event, Object[] args);

  /**
   * Takes the property of that name from the first argument that is an object. Two of the same name
   * are equal.
   */
  static Dedupe property(String name) {
    return new Property(name);
  }

  /**
   * Takes the whole content for the id, so servers need not give any. There is a limit: of two
   * messages with the same content, which only one pod each sends in a move, one is dropped.
   */
  static Dedupe byContent() {
    return ContentId::of;
  }

  /** The id of a message in a property of its own. Two of the same name are equal. */
  final class Property implements Dedupe {
    private final String name;

    private Property(String name) {
      this.name = name;
    }

    @Override
    public @Nullable Object id(String event, Object[] args) {
      for (Object arg : args) {
        if (arg instanceof JSONObject) {
          Object id = ((JSONObject) arg).opt(name);
          return JSONObject.NULL.equals(id) ? null : id;
        }
      }
      return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Property && name.equals(((Property) other).name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }
}
