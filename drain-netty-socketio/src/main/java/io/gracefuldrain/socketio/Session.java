package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO session. It is one tracked connection, with any namespaces and any transport. It
 * begins when its handshake was authorized. It ends with its WebSocket, with the ping timeout, with
 * a poller's last namespace, or with its server.
 *
 * <p>Its requests arrive on several event loops. Once its gate is sealed, no request is in
 * progress. The coordinator's requests run on the event loop of {@link SessionChannels}.
 */
final class Session implements DrainableConnection {
  private static final AttributeKey<Session> CARRIED = AttributeKey.valueOf(Session.class, "it");

  private final ServerContext context;
  private final ClientHead head;
  private final Consumer<Session> onOver;
  private final SessionChannels channels;
  private final @Nullable AwareClient aware;
  private final @Nullable Arrival arrival;
  private final Dispatching dispatching = new Dispatching();
  private final ApplicationEnd applicationEnd;

  private final ConnectionHandle handle;
  // There are many sessions, and these change once: they change with the monitor.
  private volatile boolean ended;
  private volatile @Nullable Farewell farewell;
  private volatile boolean goodbye;
  private volatile boolean leftLastNamespace;

  /**
   * A session that is not tracked yet.
   *
   * @param handshake the channel of its handshake
   * @param onOver called when it has ended, here and for netty-socketio, and nothing of it is
   *     dispatched any more
   */
  Session(
      ServerContext context,
      ClientHead head,
      Channel handshake,
      ConnectionHandle handle,
      Consumer<Session> onOver) {
    this.context = context;
    this.head = head;
    this.handle = handle;
    this.onOver = onOver;
    this.applicationEnd = new ApplicationEnd(context, head, this::forgetIfOver);
    this.channels = new SessionChannels(head, handshake);
    this.aware = aware(head.getHandshakeData()) ? new AwareClient() : null;
    this.arrival = Arrival.of(context, head, channels);
  }

  /** Whether a handshake is that of a client that knows hints. */
  static boolean aware(HandshakeData handshake) {
    return "1".equals(handshake.getSingleUrlParam("drain"));
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

  /** What hand-over needs of it; null if it is off, or the client is not of protocol 4. */
  @Nullable Arrival arrival() {
    return arrival;
  }

  /** What it has of its client, which is aware. */
  AwareClient awareClient() {
    return Objects.requireNonNull(aware, "aware");
  }

  boolean ended() {
    return ended;
  }

  /** Whether it takes no work any more. */
  boolean sealed() {
    return handle().sealed();
  }

  private boolean leaving() {
    Farewell known = farewell;
    return known != null && known.begun();
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
    return aware != null;
  }

  // ---------------------------------------------------------------- what its channels tell

  /** Begins to dispatch what its client has sent, unless it is not to be dispatched. */
  boolean enter() {
    dispatching.begin();
    return entered(handle.tryEnter());
  }

  /** As {@link #enter}, and also after the seal until the farewell begins. */
  boolean enterUntilFarewell() {
    if (enter()) {
      return true;
    } else if (!sealed()) {
      return false;
    }
    dispatching.begin();
    return entered(farewell().tryEnterLate());
  }

  /** It is found for as long as something is dispatched. */
  private boolean entered(boolean entered) {
    if (!entered) {
      dispatching.end();
      forgetIfOver();
    }
    return entered;
  }

  void exit() {
    dispatching.end();
    forgetIfOver();
    handle().exit();
  }

  /** Dispatches what its client has sent. If the session ends in it, the client has asked. */
  void hear(Channel channel, Runnable dispatch) {
    dispatching.hear(channel, handle, dispatch);
  }

  /** Whether something that came on a channel is being dispatched by this thread. */
  boolean hears(Channel channel) {
    return dispatching.hears(channel);
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

  /** A channel has become its WebSocket. */
  void opened(Channel channel) {
    channels.opened(channel);
  }

  /**
   * Packets were dispatched. They may have been the end of an upgrade, or have left the last
   * namespace. A poller that has done that is gone: netty-socketio refuses its requests. One with a
   * WebSocket may join again; its pings go on, which netty-socketio hears in a namespace only.
   */
  void dispatched() {
    channels.endUpgradeIfDone();
    if (!leftLastNamespace || leaving() || ended()) {
      return;
    }
    if (!head.getNamespaces().isEmpty()) {
      leftLastNamespace = false;
    } else if (channels.currentWebSocket() != null) {
      head.schedulePingTimeout();
    } else {
      end(Departure.GOODBYE);
      applicationEnd.come();
      Channel upgrading = channels.webSocket();
      if (upgrading != null) {
        var unused = upgrading.close();
      }
    }
  }

  /** The client has begun to close its WebSocket. */
  void goodbye() {
    goodbye = true;
  }

  /**
   * Its last namespace was left. That is its end if netty-socketio has ended the session. If not,
   * netty-socketio does not forget it here either: the client is still connected.
   */
  void disconnected() {
    if (head.isConnected()) {
      leftLastNamespace = true;
      return;
    }
    if (leaving()) {
      farewell().lost("disconnected");
    } else {
      end(dispatching.here() ? Departure.GOODBYE : departure());
    }
    applicationEnd.forget();
  }

  private Departure departure() {
    return goodbye || leftLastNamespace ? Departure.GOODBYE : Departure.SILENT;
  }

  /**
   * One of its channels is gone.
   *
   * @param tell tells netty-socketio, which runs the application's listeners
   */
  void channelGone(Channel channel, Runnable tell) {
    boolean work = enter(); // the listeners are work in flight, too
    try {
      tell.run();
      channels.gone(channel);
      boolean last =
          channel == channels.currentWebSocket()
              || (!leftLastNamespace && channels.failedHandshake(channel));
      if (last && !leaving()) {
        end(departure());
        applicationEnd.come();
      } else {
        endIfOver();
      }
    } finally {
      if (work) {
        exit();
      }
    }
  }

  /** Ends the session if netty-socketio has ended it without a word. */
  void endIfOver() {
    if (head.isConnected() || leaving() || ended()) {
      return;
    }
    boolean work = enter(); // the listeners are work in flight, too
    try {
      end(departure());
      applicationEnd.come();
    } finally {
      if (work) {
        exit();
      }
    }
  }

  /** Ends its record alone. If it was kept, that is its end for the application, too. */
  void untracked() {
    Farewell known = farewell;
    if (known != null) {
      known.lost("stopped");
    }
    end(Departure.SILENT);
    onOver.accept(this);
  }

  /**
   * Its requests find it until then: a farewell answers them after the application's end. So does a
   * handler that still runs: it may take leases, although its client has left.
   */
  private void forgetIfOver() {
    if (ended() && applicationEnd.forgotten() && dispatching.none()) {
      onOver.accept(this);
    }
  }

  private void end(Departure how) {
    if (endsNow()) {
      handle().left(how);
      forgetIfOver();
    }
  }

  private synchronized boolean endsNow() {
    boolean now = !ended;
    ended = true;
    return now;
  }

  // ---------------------------------------------------------------- what the coordinator asks

  @Override
  public void hint(ReconnectHint hint) {
    onEventLoop(
        () -> {
          if (!ended() && !sealed()) {
            HintEvents.say(hint, awareClient().greeted(), handle());
          }
        });
  }

  @Override
  public void plan(Duration window) {
    onEventLoop(
        () -> {
          if (!ended() && !sealed()) {
            awareClient().greeted().all().forEach(client -> PlanEvents.say(client, window));
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
      untracked(); // the server was stopped, and all its channels with it
    }
  }

  private synchronized Farewell farewell() {
    Farewell known = farewell;
    if (known == null) {
      known =
          new Farewell(
              context,
              handle,
              channels,
              arrival,
              this::onEventLoop,
              applicationEnd::come,
              () -> end(Departure.GOODBYE));
      farewell = known;
    }
    return known;
  }

  /** A poll that came too late. */
  void pollWhileLeaving(Channel channel) {
    channels.pollWhileLeaving(channel);
    farewell().poll(channel);
  }

  /** A frame that came too late; says whether it goes along to another pod. */
  boolean frameWhileLeaving(Channel channel, ByteBuf content) {
    return farewell().frame(channel, content);
  }

  /** An upload that came after the farewell: not dispatched, so not acknowledged either. */
  void uploadWhileLeaving(Channel channel, @Nullable String origin, ByteBuf body) {
    String read = arrival == null ? null : body.toString(StandardCharsets.UTF_8);
    farewell().upload(channel, origin, read);
  }
}
