package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a move leaves. It is told of the landing, and closed when it owes nothing
 * more. Used on the client's event loop only.
 */
final class OldConnection {
  private static final String LANDED = LeanMoves.PREFIX + "landed";

  private final Connection hintedOver;
  // Null once it has ended.
  private @Nullable Connection connection;
  // The application waits for none of these answers.
  private int landedUnanswered;

  OldConnection(Connection connection) {
    this.hintedOver = connection;
    this.connection = connection;
  }

  boolean gone() {
    return connection == null;
  }

  /** Whether this is it, and it has not ended. */
  boolean is(Connection other) {
    return other == connection;
  }

  /** Whether this is it, ended or not. */
  boolean was(Connection other) {
    return other == hintedOver;
  }

  /** A connection has ended; returns whether it was this one. */
  boolean lost(Connection other) {
    boolean lost = is(other);
    if (lost) {
      connection = null;
    }
    return lost;
  }

  /**
   * Says where the client has landed. The answer comes after everything that the old server sent
   * before it.
   */
  void sayLanded(PodSaid there, long connectMs, Runnable answered) {
    if (connection == null) {
      return;
    }
    String where =
        JsonNodeFactory.instance
            .objectNode()
            .put("pod", there.pod())
            .put("connectMs", connectMs)
            .toString();
    landedUnanswered++;
    connection.emit(
        LANDED,
        where,
        answer -> {
          landedUnanswered--;
          answered.run();
        });
  }

  /** Whether the application waits for an answer over it. */
  boolean owes() {
    return connection != null && connection.owed() > landedUnanswered;
  }

  void leave() {
    Connection left = connection;
    connection = null;
    if (left != null) {
      left.leave();
    }
  }
}
