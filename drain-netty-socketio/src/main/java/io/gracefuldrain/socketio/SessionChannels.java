package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.WorkLease;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The channels that one session uses: a WebSocket, and one channel for each of its requests. Each
 * has its own event loop. A WebSocket is noted when its handshake is answered, a poll when it is
 * bound; which of the two the session is on, netty-socketio says. Thread-safe.
 */
final class SessionChannels {
  private final ClientHead head;
  private final Channel handshake;
  private volatile @Nullable Channel webSocket;
  private volatile @Nullable Channel poll;
  private volatile Channel latest;
  private volatile @Nullable Upgrade upgrade;

  /** Begins with the channel of the handshake, which may become a WebSocket. */
  SessionChannels(ClientHead head, Channel handshake) {
    this.head = head;
    this.handshake = handshake;
    this.latest = handshake;
    if (head.getCurrentTransport() == Transport.POLLING) {
      poll = handshake;
    }
  }

  ClientHead head() {
    return head;
  }

  /** The WebSocket that packets go over; null if they go over polls, also while it upgrades. */
  @Nullable Channel currentWebSocket() {
    return head.getCurrentTransport() == Transport.WEBSOCKET ? webSocket : null;
  }

  /** The WebSocket that was opened, whether packets go over it or not. */
  @Nullable Channel webSocket() {
    return webSocket;
  }

  /** The latest poll, answered or not. */
  @Nullable Channel poll() {
    return poll;
  }

  /**
   * Notes a channel whose WebSocket handshake is being answered. It replaces an older one, on which
   * netty-socketio hears nothing any more.
   */
  void opened(Channel channel) {
    webSocket = channel;
  }

  /** Notes a poll that netty-socketio is about to bind. */
  void poll(Channel channel) {
    poll = channel;
    latest = channel;
  }

  /** Notes a poll that netty-socketio does not see: the farewell answers it. */
  void pollWhileLeaving(Channel channel) {
    poll = channel;
  }

  /**
   * Begins an upgrade to a WebSocket.
   *
   * @param leaving whether the farewell answers later polls
   */
  void upgrade(Channel channel, @Nullable WorkLease lease, BooleanSupplier leaving) {
    endUpgrade();
    upgrade = Upgrade.begin(head, channel, lease, () -> pollIsPending() && !leaving.getAsBoolean());
  }

  private boolean pollIsPending() {
    Channel pending = poll;
    return pending != null && pending.isActive();
  }

  void endUpgradeIfDone() {
    Upgrade begun = upgrade;
    if (begun != null && currentWebSocket() != null) {
      upgrade = null;
      begun.done();
    }
  }

  /** Notes that a channel was closed. */
  void gone(Channel channel) {
    Upgrade begun = upgrade;
    if (begun != null && begun.on(channel)) {
      endUpgrade();
    }
  }

  private void endUpgrade() {
    Upgrade begun = upgrade;
    if (begun != null) {
      begun.end();
      upgrade = null;
    }
  }

  /**
   * Whether this is the channel of a handshake that came to nothing. One that succeeded has joined
   * a namespace before it is answered.
   */
  boolean failedHandshake(Channel channel) {
    return channel == handshake && channel == latest && head.getNamespaces().isEmpty();
  }

  /** The event loop for all actions on the session. */
  EventLoop eventLoop() {
    Channel current = currentWebSocket();
    return current != null ? current.eventLoop() : latest.eventLoop();
  }
}
