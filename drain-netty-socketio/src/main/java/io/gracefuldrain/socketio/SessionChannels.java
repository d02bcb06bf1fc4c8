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
 * has its own event loop. Thread-safe.
 */
final class SessionChannels {
  private final ClientHead head;
  private volatile @Nullable Channel webSocket;
  private volatile @Nullable Channel poll;
  private volatile Channel latest;
  private volatile @Nullable Channel deaf;
  private volatile @Nullable Upgrade upgrade;

  /** Begins with the channel of the handshake. */
  SessionChannels(ClientHead head, Channel handshake) {
    this.head = head;
    this.latest = handshake;
    if (head.getCurrentTransport() == Transport.WEBSOCKET) {
      webSocket = handshake;
    } else {
      poll = handshake;
    }
  }

  ClientHead head() {
    return head;
  }

  /** Whether packets go over the WebSocket; a session that still upgrades is not there yet. */
  boolean overWebSocket() {
    return head.getCurrentTransport() == Transport.WEBSOCKET;
  }

  /** The WebSocket: bound, or about to be. */
  @Nullable Channel webSocket() {
    return webSocket;
  }

  /** The latest poll, answered or not. */
  @Nullable Channel poll() {
    return poll;
  }

  /** Notes a poll that netty-socketio is about to see. */
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
    webSocket = channel;
    endUpgrade();
    upgrade = Upgrade.begin(head, channel, lease, () -> pollIsPending() && !leaving.getAsBoolean());
  }

  private boolean pollIsPending() {
    Channel pending = poll;
    return pending != null && pending.isActive();
  }

  void endUpgradeIfDone() {
    if (upgrade != null && overWebSocket()) {
      endUpgrade();
    }
  }

  /** Notes that a channel was closed. */
  void gone(Channel channel) {
    if (channel == webSocket) {
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

  /** Whether the session lives on this channel. Most channels carry one request only. */
  boolean livesOn(Channel channel) {
    return channel == webSocket || channel == latest;
  }

  /** From now on nothing that arrives on this WebSocket is dispatched. */
  void deafen(Channel channel) {
    deaf = channel;
  }

  boolean deaf(Channel channel) {
    return channel == deaf;
  }

  /** The event loop for all actions on the session. */
  EventLoop eventLoop() {
    Channel channel = webSocket;
    return channel != null && overWebSocket() ? channel.eventLoop() : latest.eventLoop();
  }
}
