package io.gracefuldrain.socketio;

import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the pod serves and its server has not started since it was attached. Nobody can connect
 * to it then. On the module path the server's state cannot be read: there it may also have started
 * before it was attached, and nobody knows its clients. This line is the first sign of that, so it
 * is an error, and comes in a drain, too.
 */
final class StartCheck implements DrainListener {
  private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

  private final ServerContext server;

  StartCheck(ServerContext server) {
    this.server = server;
  }

  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    if (server.started()) {
      return;
    }
    if (server.readable()) {
      if (to == DrainPhase.SERVING) {
        LOG.warn(
            "DRAIN-062 pod {} is SERVING, and its server has not started: nobody can connect"
                + " (expected: server.start() before the pod is ready)",
            report.pod());
      }
    } else if (to == DrainPhase.SERVING || to == DrainPhase.UNREADY) {
      LOG.error(
          "DRAIN-062 pod {} is {}, and its server has not started since it was attached: its"
              + " clients are not tracked (expected: attach, server.start(), then started())",
          report.pod(),
          to);
    }
  }
}
