package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.socketio.AttachException.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses a server that cannot be attached, before anything is changed. */
final class ServerCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

  private ServerCheck() {}

  /**
   * Returns if the server can be attached.
   *
   * @throws AttachException if not
   */
  static void check(SocketIOServer server, SocketIOChannelInitializer initializer) {
    version(ServerVersion.of(SocketIOServer.class));
    if (ServerInternals.started(server)) {
      throw new AttachException(
          Reason.STARTED,
          "the server was started before it was attached (expected: attach, then start)");
    }
    randomSession(server.getConfiguration().isRandomSession());
    pipelineFactory(server, initializer);
  }

  /** Refuses versions that fail later, in a way that says less. */
  static void version(@Nullable ServerVersion found) {
    if (found == null) {
      LOG.warn(
          "DRAIN-063 the version of netty-socketio is unknown: its jar does not say it"
              + " (expected: {} to {})",
          ServerVersion.OLDEST,
          ServerVersion.NEWEST);
    } else if (found.compareTo(ServerVersion.OLDEST) < 0) {
      throw new AttachException(
          Reason.VERSION,
          "netty-socketio: "
              + found
              + " (expected: "
              + ServerVersion.OLDEST
              + " to "
              + ServerVersion.NEWEST
              + ")");
    } else if (found.compareTo(ServerVersion.NEWEST) > 0) {
      LOG.warn(
          "DRAIN-063 netty-socketio {} is newer than the versions that the adapter is tested with"
              + " (expected: {} to {})",
          found,
          ServerVersion.OLDEST,
          ServerVersion.NEWEST);
    }
  }

  static void randomSession(boolean on) {
    if (!on) {
      throw new AttachException(
          Reason.RANDOM_SESSION,
          "randomSession: false (expected: true, by Configuration.setRandomSession(true); without"
              + " it a second connection of a browser takes over the first one's session)");
    }
  }

  /** Refuses to replace what the application has set: TLS, say, or a filter of addresses. */
  private static void pipelineFactory(
      SocketIOServer server, SocketIOChannelInitializer initializer) {
    Object set = ServerInternals.pipelineFactory(server);
    if (set == null) {
      LOG.info(
          "DRAIN-064 whether the server has a pipeline factory of its own cannot be seen; {}"
              + " replaces it (expected: one that extends DrainChannelInitializer, given to attach;"
              + " it can be seen with --add-opens"
              + " netty.socketio/com.corundumstudio.socketio=io.gracefuldrain.socketio)",
          initializer.getClass().getName());
    } else if (set.getClass() != SocketIOChannelInitializer.class && set != initializer) {
      throw new AttachException(
          Reason.PIPELINE_FACTORY,
          "the server has a pipeline factory "
              + set.getClass().getName()
              + " (expected: one that extends DrainChannelInitializer, given to attach)");
    }
  }
}
