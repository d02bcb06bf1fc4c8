package io.gracefuldrain.socketio;

import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs an error when the pod serves, or drains, and its server has not started since it was
 * attached. Nobody knows such a server's clients. On the module path the server's state cannot be
 * read, so this line is the first sign of a server that was started before it was attached.
 */
final class StartCheck implements DrainListener {
  private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

  private final ServerContext server;

  StartCheck(ServerContext server) {
    this.server = server;
  }

  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    boolean matters = to == DrainPhase.SERVING || to == DrainPhase.UNREADY;
    if (matters && !server.started()) {
      LOG.error(
          "DRAIN-062 pod {} is {}, and its server has not started since it was attached: its"
              + " clients are not tracked (expected: attach, server.start(), then started())",
          report.pod(),
          to);
    }
  }
}
