package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.WorkLease;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session's change from long-polling to a WebSocket. It is work in flight until it is done:
 * half-way, neither transport can be let go without losing what is queued.
 */
final class Upgrade {
  /** How long a drain respects one that does not end. */
  static final Duration LIMIT = Duration.ofSeconds(2);

  private static final long NUDGE_MILLIS = 100;
  private static final int MOST_NUDGES = 100;

  private final Session session;
  private final Channel channel;
  private final @Nullable WorkLease lease;
  private volatile boolean ended;

  private Upgrade(Session session, Channel channel) {
    this.session = session;
    this.channel = channel;
    this.lease = session.handle().tryBegin("upgrade", LIMIT);
  }

  /** Begins when the channel that is to be the WebSocket is about to shake hands. */
  static Upgrade begin(Session session, Channel channel) {
    Upgrade upgrade = new Upgrade(session, channel);
    upgrade.nudgeLater(MOST_NUDGES);
    return upgrade;
  }

  void end() {
    ended = true;
    if (lease != null) {
      lease.close();
    }
  }

  private void nudgeLater(int left) {
    var unused =
        channel.eventLoop().schedule(() -> nudge(left), NUDGE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the pending poll again and again, as Engine.IO's own server does, until the upgrade is
   * done. A client waits for the end of its poll before it changes over; netty-socketio ends one
   * poll only, and that too early for clients that poll once more before they have read the answer
   * to their probe.
   */
  private void nudge(int left) {
    ClientHead head = session.head();
    if (left == 0
        || ended
        || !channel.isActive()
        || head.getCurrentTransport() == Transport.WEBSOCKET) {
      return;
    }
    Channel pending = session.poll();
    if (pending != null
        && pending.isActive()
        && !session.leaving()
        && head.getPacketsQueue(Transport.POLLING).isEmpty()) {
      var unused =
          head.send(new Packet(PacketType.NOOP, head.getEngineIOVersion()), Transport.POLLING);
    }
    nudgeLater(left - 1);
  }
}
