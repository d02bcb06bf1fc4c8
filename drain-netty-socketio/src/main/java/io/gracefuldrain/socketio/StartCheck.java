package io.gracefuldrain.socketio;

import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says aloud when the pod serves, or drains, and its server has not started with what was attached:
 * such a server's clients are known to nobody. Where the JVM lets nobody look into the server, this
 * is the first that can be seen of a server started before it was attached.
 */
final class StartCheck implements DrainListener {
  private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

  private final Sessions sessions;

  StartCheck(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    boolean matters = to == DrainPhase.SERVING || to == DrainPhase.UNREADY;
    if (matters && !sessions.started()) {
      LOG.error(
          "DRAIN-062 pod {} is {}, and its server has not started since it was attached: its clients"
              + " are not tracked (expected: attach, server.start(), then started())",
          report.pod(),
          to);
    }
  }
}
