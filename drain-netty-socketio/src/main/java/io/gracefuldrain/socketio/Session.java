package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO session, and so one tracked connection, whatever its namespaces and over whichever
 * transport. Its requests arrive on several event loops; once its gate is sealed none of them is in
 * progress, and what is done to it runs on the event loop of its channel.
 */
final class Session implements DrainableConnection {
  private final Sessions sessions;
  private final ClientHead head;
  private final boolean aware;
  private final GreetedNamespaces greetings = new GreetedNamespaces();
  private final TurnQueue turns = new TurnQueue();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean mistaken = new AtomicBoolean();
  private final AtomicInteger dispatching = new AtomicInteger();
  private final AtomicReference<@Nullable Farewell> farewell = new AtomicReference<>();

  private volatile @Nullable ConnectionHandle handle;
  private volatile @Nullable Channel webSocket;
  private volatile @Nullable Channel poll;
  private volatile Channel latest;
  private volatile @Nullable Upgrade upgrade;
  private volatile boolean goodbye;

  Session(Sessions sessions, ClientHead head, Channel channel) {
    this.sessions = sessions;
    this.head = head;
    this.aware = "1".equals(head.getHandshakeData().getSingleUrlParam("drain"));
    this.latest = channel;
    if (head.getCurrentTransport() == Transport.WEBSOCKET) {
      webSocket = channel;
    } else {
      poll = channel;
    }
  }

  void track(ConnectionHandle tracked) {
    handle = tracked;
  }

  ConnectionHandle handle() {
    return Objects.requireNonNull(handle, "handle");
  }

  ClientHead head() {
    return head;
  }

  Sessions sessions() {
    return sessions;
  }

  GreetedNamespaces greetings() {
    return greetings;
  }

  /** The order of what an aware client sends. */
  TurnQueue turns() {
    return turns;
  }

  /** Whether its client has made no mistake until now. */
  boolean firstMistake() {
    return mistaken.compareAndSet(false, true);
  }

  boolean ended() {
    return ended.get();
  }

  /** Whether its farewell has begun, or is about to. */
  boolean leaving() {
    return farewell.get() != null;
  }

  @Override
  public String id() {
    return head.getSessionId().toString();
  }

  @Override
  public String transport() {
    return head.getCurrentTransport().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean aware() {
    return aware;
  }

  // ---------------------------------------------------------------- what its channels tell

  boolean enter() {
    if (!handle().tryEnter()) {
      return false;
    }
    dispatching.incrementAndGet();
    return true;
  }

  void exit() {
    dispatching.decrementAndGet();
    handle().exit();
  }

  /** A poll that netty-socketio is about to see. */
  void polling(Channel channel) {
    poll = channel;
    latest = channel;
  }

  /**
   * One of its requests is about to be answered. If that is its poll, netty-socketio is told now
   * that the channel is of no more use, not when it finds it closed: by then the client may have
   * polled again over another event loop. Of the two, the one that closes would unbind the new
   * poll, so that nothing is delivered until the ping timeout, or take itself for a WebSocket that
   * has failed and send DISCONNECT, which is final for clients.
   */
  void answering(Channel channel) {
    head.releasePollingChannel(channel);
  }

  /** A channel that is about to become its WebSocket: not to be let go half-way. */
  void upgrading(Channel channel) {
    webSocket = channel;
    endUpgrade();
    upgrade = Upgrade.begin(this, channel);
  }

  /** Something was dispatched: it may have been the end of an upgrade. */
  void dispatched() {
    if (upgrade != null && head.getCurrentTransport() == Transport.WEBSOCKET) {
      endUpgrade();
    }
  }

  private void endUpgrade() {
    Upgrade under = upgrade;
    if (under != null) {
      under.end();
      upgrade = null;
    }
  }

  /** The client has begun to close its WebSocket. */
  void goodbye() {
    goodbye = true;
  }

  /** netty-socketio has ended the session; on behalf of the client if it does so in a dispatch. */
  void disconnected() {
    if (!leaving()) {
      end(goodbye || dispatching.get() > 0 ? Departure.GOODBYE : Departure.SILENT);
    }
  }

  /**
   * One of its channels is gone; netty-socketio does not notice if no namespace was joined. A
   * handshake that came to anything has joined one before it is answered.
   */
  void channelGone(Channel channel) {
    if (channel == webSocket) {
      endUpgrade();
    }
    if ((channel == webSocket || channel == latest)
        && !leaving()
        && !ended()
        && head.getNamespaces().isEmpty()) {
      sessions.forget(head);
      end(goodbye ? Departure.GOODBYE : Departure.SILENT);
    }
  }

  void end(Departure how) {
    if (ended.compareAndSet(false, true)) {
      sessions.remove(this);
      handle().left(how);
    }
  }

  /** Its WebSocket, bound or about to be. */
  @Nullable Channel webSocket() {
    return webSocket;
  }

  /** The latest poll, answered or not. */
  @Nullable Channel poll() {
    return poll;
  }

  EventLoop eventLoop() {
    Channel channel = webSocket;
    boolean overWebSocket = channel != null && head.getCurrentTransport() == Transport.WEBSOCKET;
    return overWebSocket && channel != null ? channel.eventLoop() : latest.eventLoop();
  }

  // ---------------------------------------------------------------- what the coordinator asks

  @Override
  public void hint(ReconnectHint hint) {
    onEventLoop(() -> sessions.hints().send(this, hint));
  }

  @Override
  public void plan(Duration window) {
    onEventLoop(() -> PlanEvents.say(this, window));
  }

  @Override
  public void close(CloseManner manner) {
    onEventLoop(() -> farewell().begin(manner));
  }

  private void onEventLoop(Runnable action) {
    try {
      eventLoop().execute(action);
    } catch (RejectedExecutionException e) {
      end(Departure.SILENT); // the server was stopped, and all its channels with it
    }
  }

  private Farewell farewell() {
    Farewell fresh = new Farewell(this);
    Farewell known = farewell.compareAndExchange(null, fresh);
    return known == null ? fresh : known;
  }

  /** A poll that came after the seal. */
  void pollWhileLeaving(Channel channel) {
    poll = channel;
    farewell().poll(channel);
  }

  /** An upload that came after the seal: not dispatched, so not acknowledged either. */
  void uploadWhileLeaving(Channel channel, @Nullable String origin) {
    farewell().upload(channel, origin);
  }
}
