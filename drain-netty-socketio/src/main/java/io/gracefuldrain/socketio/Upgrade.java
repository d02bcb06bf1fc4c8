package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.WorkLease;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session's change from long-polling to a WebSocket. It is work in flight until it is done: in
 * the middle of it, letting go of either transport would lose queued packets.
 */
final class Upgrade {
  /** How long a drain respects an upgrade that does not end. */
  static final Duration LIMIT = Duration.ofSeconds(2);

  private static final long NUDGE_MILLIS = 100;
  private static final int MOST_NUDGES = 100;

  /** How often, each time after twice as long, the queue is looked at once the upgrade is done. */
  private static final int SWEEPS = 7;

  private final ClientHead head;
  private final Channel channel;
  private final @Nullable WorkLease lease;
  private final BooleanSupplier pollIsPending;
  private volatile boolean ended;

  private Upgrade(
      ClientHead head, Channel channel, @Nullable WorkLease lease, BooleanSupplier pollIsPending) {
    this.head = head;
    this.channel = channel;
    this.lease = lease;
    this.pollIsPending = pollIsPending;
  }

  /**
   * Begins when the channel that is to be the WebSocket is about to shake hands.
   *
   * @param lease is closed when the upgrade ends; none if the session is sealed
   * @param pollIsPending whether a poll waits for an answer, and is not the farewell's to answer
   */
  static Upgrade begin(
      ClientHead head, Channel channel, @Nullable WorkLease lease, BooleanSupplier pollIsPending) {
    Upgrade upgrade = new Upgrade(head, channel, lease, pollIsPending);
    upgrade.nudgeLater(MOST_NUDGES);
    return upgrade;
  }

  /** Whether a channel is to become its WebSocket. */
  boolean on(Channel other) {
    return other == channel;
  }

  void end() {
    ended = true;
    if (lease != null) {
      lease.close();
    }
  }

  /**
   * Its client is on the WebSocket: what others have sent in the middle of the change goes there.
   * netty-socketio empties the queue first and changes the transport after that. What is sent in
   * between goes into the queue as for a poll, and the client polls no more: it would wait until
   * something else is sent. A sender may have looked at the transport just before the change and go
   * on later, so the queue is looked at again some times, for 13 seconds in all.
   */
  void done() {
    end();
    sweep(NUDGE_MILLIS, SWEEPS);
  }

  private void sweep(long pause, int left) {
    if (!channel.isActive()) {
      return;
    }
    var unused = channel.writeAndFlush(new OutPacketMessage(head, Transport.WEBSOCKET));
    if (left > 0) {
      sweepLater(pause, left);
    }
  }

  private void sweepLater(long pause, int left) {
    var unused =
        channel
            .eventLoop()
            .schedule(() -> sweep(2 * pause, left - 1), pause, TimeUnit.MILLISECONDS);
  }

  private void nudgeLater(int left) {
    var unused =
        channel.eventLoop().schedule(() -> nudge(left), NUDGE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the pending poll again and again until the upgrade is done, as Engine.IO's own server
   * does. A client waits for the end of its poll before it changes over. netty-socketio ends only
   * one poll. That is too early for a client that polls once more before it has read the answer to
   * its probe.
   */
  private void nudge(int left) {
    if (left == 0
        || ended
        || !channel.isActive()
        || head.getCurrentTransport() == Transport.WEBSOCKET) {
      return;
    }
    if (pollIsPending.getAsBoolean() && head.getPacketsQueue(Transport.POLLING).isEmpty()) {
      var unused =
          head.send(new Packet(PacketType.NOOP, head.getEngineIOVersion()), Transport.POLLING);
    }
    nudgeLater(left - 1);
  }
}
