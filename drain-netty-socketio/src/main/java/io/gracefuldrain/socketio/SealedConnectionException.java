package io.gracefuldrain.socketio;

/**
 * Thrown when work is to begin on a connection that has been let go. Its client is on its way to
 * another pod.
 */
public final class SealedConnectionException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  SealedConnectionException(String connection, String work) {
    super(
        "connection "
            + connection
            + " has been let go (expected: an open one to begin "
            + work
            + ")");
  }
}
