package io.gracefuldrain.socketio;

/** Work was to begin on a connection that has been let go; its client is on its way elsewhere. */
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
