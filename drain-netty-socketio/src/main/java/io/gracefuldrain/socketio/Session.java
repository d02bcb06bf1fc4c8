package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO session. It is one tracked connection, with any namespaces and any transport.
 *
 * <p>Its requests arrive on several event loops. Once its gate is sealed, no request is in
 * progress. The coordinator's requests run on the event loop of {@link SessionChannels}.
 */
final class Session implements DrainableConnection {
  private static final AttributeKey<Session> CARRIED = AttributeKey.valueOf(Session.class, "it");

  private final ServerContext context;
  private final ClientHead head;
  private final Consumer<Session> onEnd;
  private final SessionChannels channels;
  private final boolean aware;
  private final GreetedNamespaces greeted = new GreetedNamespaces();
  private final TurnQueue turns = new TurnQueue();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean mistaken = new AtomicBoolean();
  private final AtomicInteger dispatching = new AtomicInteger();
  private final AtomicReference<@Nullable Farewell> farewell = new AtomicReference<>();

  private final ConnectionHandle handle;
  private volatile boolean goodbye;

  /**
   * A session that is not tracked yet.
   *
   * @param handshake the channel of its handshake
   * @param onEnd called when it has ended and nothing of it is dispatched any more
   */
  Session(
      ServerContext context,
      ClientHead head,
      Channel handshake,
      ConnectionHandle handle,
      Consumer<Session> onEnd) {
    this.context = context;
    this.head = head;
    this.handle = handle;
    this.onEnd = onEnd;
    this.channels = new SessionChannels(head, handshake);
    this.aware = "1".equals(head.getHandshakeData().getSingleUrlParam("drain"));
  }

  /** The session that a channel carries: that of its handshake, or of its latest request. */
  static @Nullable Session on(Channel channel) {
    return channel.attr(CARRIED).get();
  }

  /** Sets the session that a channel carries, if any. */
  static void carry(Channel channel, @Nullable Session session) {
    channel.attr(CARRIED).set(session);
  }

  ConnectionHandle handle() {
    return handle;
  }

  ClientHead head() {
    return head;
  }

  GreetedNamespaces greeted() {
    return greeted;
  }

  /** The order of an aware client's uploads and packets. */
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

  private boolean leaving() {
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
    forgetIfOver();
    handle().exit();
  }

  /** A handler that still runs may take leases, although its client has left. */
  private void forgetIfOver() {
    if (ended() && dispatching.get() == 0) {
      onEnd.accept(this);
    }
  }

  /** Whether input on this channel is dispatched no more. */
  boolean deaf(Channel channel) {
    return channels.deaf(channel);
  }

  /** A poll that netty-socketio is about to see. */
  void polling(Channel channel) {
    channels.poll(channel);
  }

  /**
   * One of its requests is about to be answered.
   *
   * <p>If it is the poll, netty-socketio is told now that the channel is of no more use. It would
   * otherwise notice when the channel closes, and by then the client may have polled again on
   * another event loop. The closing channel would then do one of two things. It would unbind the
   * new poll, so that nothing is delivered until the ping timeout. Or it would be taken for a
   * WebSocket that has failed, and a DISCONNECT would be sent, which is final for clients.
   */
  void answering(Channel channel) {
    head.releasePollingChannel(channel);
  }

  /** A channel is about to become its WebSocket. It is not let go in the middle of that. */
  void upgrading(Channel channel) {
    channels.upgrade(channel, handle().tryBegin("upgrade", Upgrade.LIMIT), this::leaving);
  }

  /** Something was dispatched: it may have been the end of an upgrade. */
  void dispatched() {
    channels.endUpgradeIfDone();
  }

  /** The client has begun to close its WebSocket. */
  void goodbye() {
    goodbye = true;
  }

  /** netty-socketio has ended the session. Inside a dispatch, it does so on the client's behalf. */
  void disconnected() {
    if (!leaving()) {
      end(goodbye || dispatching.get() > 0 ? Departure.GOODBYE : Departure.SILENT);
    }
  }

  /**
   * One of its channels is gone. netty-socketio does not notice if no namespace was joined. A
   * handshake that succeeded has joined one before it is answered.
   */
  void channelGone(Channel channel) {
    channels.gone(channel);
    if (channels.livesOn(channel) && !leaving() && !ended() && head.getNamespaces().isEmpty()) {
      context.forget(head);
      end(goodbye ? Departure.GOODBYE : Departure.SILENT);
    }
  }

  private void end(Departure how) {
    if (ended.compareAndSet(false, true)) {
      forgetIfOver();
      handle().left(how);
    }
  }

  // ---------------------------------------------------------------- what the coordinator asks

  @Override
  public void hint(ReconnectHint hint) {
    onEventLoop(
        () -> {
          if (!ended() && !handle().sealed()) {
            HintEvents.say(hint, greeted, handle());
          }
        });
  }

  @Override
  public void plan(Duration window) {
    onEventLoop(
        () -> {
          if (!ended() && !handle().sealed()) {
            greeted.all().forEach(client -> PlanEvents.say(client, window));
          }
        });
  }

  @Override
  public void close(CloseManner manner, Duration within) {
    onEventLoop(() -> farewell().begin(manner, within));
  }

  private void onEventLoop(Runnable action) {
    try {
      channels.eventLoop().execute(action);
    } catch (RejectedExecutionException e) {
      end(Departure.SILENT); // the server was stopped, and all its channels with it
    }
  }

  private Farewell farewell() {
    Farewell fresh = new Farewell(context, channels, () -> end(Departure.GOODBYE));
    Farewell known = farewell.compareAndExchange(null, fresh);
    return known == null ? fresh : known;
  }

  /** A poll that came after the seal. */
  void pollWhileLeaving(Channel channel) {
    channels.pollWhileLeaving(channel);
    farewell().poll(channel);
  }

  /** An upload that came after the seal: not dispatched, so not acknowledged either. */
  void uploadWhileLeaving(Channel channel, @Nullable String origin) {
    farewell().upload(channel, origin);
  }
}
