package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.engineio.client.Transport;
import io.socket.parser.Packet;
import io.socket.parser.Parser;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.json.JSONArray;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one pod, with all its namespaces: a manager of the stock client. It answers and
 * reads the protocol's events itself. On the event thread.
 */
final class Connection implements Channel.Events {
  /** What a connection reports, until it is dropped. */
  interface Events {
    void joined(Connection connection, Channel channel);

    void left(Connection connection, AwareSocket socket, String reason);

    /** The connection has failed, or the server has refused a namespace. */
    void refused(Connection connection, Channel channel, Object error);

    /** The pod has said its name. */
    void greeted(Connection connection);

    /** The pod wants the client to move. */
    void hinted(Connection connection, Hint hint);

    /** The server has sent an event of the application's. */
    void arrived(Connection connection, AwareSocket socket, String event, Object[] args);

    /** An answer that was owed has come, or its time has passed. */
    void answered(Connection connection);

    /** Its manager has fired an event. */
    void fired(Connection connection, String event, Object[] args);
  }

  private static final int TRANSPORTS_KEPT = 2;

  private final Events events;
  private final Log log;
  // By this, what it has brought is told from what another one has.
  private final Object key = new Object();
  private final IO.Options options;
  private final SessionAuth auth;
  private final Manager manager;
  private final SentIds sentIds;
  private final ReconnectDelay delay;
  private final Map<String, Channel> channels = new LinkedHashMap<>();
  // The latest transports. During an upgrade there are two.
  private final Deque<Transport> transports = new ArrayDeque<>();
  private Target target;
  private Pod pod = Pod.UNKNOWN;
  private boolean forging;
  private boolean comingBack;
  private boolean dropped;

  Connection(Events events, Target target, Log log) {
    this.events = events;
    this.target = target;
    this.log = log;
    options = target.options();
    auth = SessionAuth.of(options);
    sentIds = new SentIds(options.encoder);
    options.encoder = sentIds;
    manager = new Manager(options); // without an address: that of the options can change
    AwareManager.EVENTS.forEach(event -> manager.on(event, args -> fired(event, args)));
    delay = new ReconnectDelay(manager);
  }

  private void fired(String event, Object[] args) {
    if (dropped || forging) {
      return;
    }
    boolean back = false;
    switch (event) {
      case Manager.EVENT_OPEN:
        pod = Pod.UNKNOWN;
        back = comingBack;
        comingBack = false;
        break;
      case Manager.EVENT_ERROR:
        comingBack = false; // the manager goes on by itself
        break;
      case Manager.EVENT_PACKET:
        comes(args[0]);
        break;
      case Manager.EVENT_TRANSPORT:
        transports.addLast((Transport) args[0]);
        if (transports.size() > TRANSPORTS_KEPT) {
          transports.removeFirst();
        }
        break;
      default:
        break;
    }
    if (!isOurs(event, args)) {
      events.fired(this, event, args);
    }
    if (back) {
      events.fired(this, Manager.EVENT_RECONNECT, new Object[] {1});
    }
    if (event.equals(Manager.EVENT_RECONNECT_ATTEMPT) && !dropped) {
      target.refresh(options); // the application may just have changed its own
    }
  }

  /** Whether it is a packet of the protocol, which no application sees. */
  private static boolean isOurs(String event, Object[] args) {
    Object data = event.equals(Manager.EVENT_PACKET) ? ((Packet<?>) args[0]).data : null;
    return data instanceof JSONArray && ((JSONArray) data).optString(0).startsWith(Wire.PREFIX);
  }

  private void comes(Object packet) {
    Packet<?> coming = (Packet<?>) packet;
    Channel channel = coming.nsp == null ? null : channels.get(coming.nsp);
    boolean event = coming.type == Parser.EVENT || coming.type == Parser.BINARY_EVENT;
    if (channel != null && event && coming.data instanceof JSONArray) {
      channel.comes(((JSONArray) coming.data).optString(0));
    }
  }

  /** A connection of a move does not reconnect before it is adopted. */
  void probe() {
    manager.reconnection(false);
  }

  /**
   * It becomes current, and reconnects as the application's options say.
   *
   * @param plain where it reconnects: without the ticket, which is good for one handshake
   */
  void adopt(Target plain) {
    manager.reconnection(options.reconnection);
    target = plain;
    target.refresh(options);
  }

  /** It is no longer current, and does not reconnect when the server ends it. */
  void retire() {
    manager.reconnection(false);
    channels.values().forEach(Channel::endReady);
  }

  /** It was cut, and the application does not know yet. So it does not reconnect. */
  void stayAway() {
    manager.reconnection(false);
  }

  /** It reconnects after all, as the stock client would have: after a pause. */
  void comeBack(Timers timers) {
    manager.reconnection(options.reconnection);
    if (options.reconnection) {
      timers.after(delay.first(), this::reconnect);
    }
  }

  private void reconnect() {
    if (dropped || standing() != null || manager.isReconnecting()) {
      return; // the application has done something else meanwhile
    }
    comingBack = true;
    fired(Manager.EVENT_RECONNECT_ATTEMPT, new Object[] {1});
    for (Channel channel : new ArrayList<>(channels.values())) {
      if (channel.socket().isActive()) {
        channel.open();
      }
    }
  }

  /** The namespace's channel, created if there is none. */
  Channel channel(AwareSocket socket) {
    Channel channel = channels.get(socket.namespace());
    if (channel == null) {
      channel =
          new Channel(
              this, socket, manager.socket(socket.namespace(), options), auth.ofApplication());
      channels.put(socket.namespace(), channel);
    }
    return channel;
  }

  /** The namespace's channel; null if there is none. */
  @Nullable Channel known(AwareSocket socket) {
    return channels.get(socket.namespace());
  }

  Collection<Channel> channels() {
    return channels.values();
  }

  void leave(AwareSocket socket) {
    Channel channel = known(socket);
    if (channel != null) {
      channel.close();
    }
  }

  /** Closes it. From now on it reports nothing. */
  void drop() {
    dropped = true;
    manager.reconnection(false);
    channels.values().forEach(Channel::close);
  }

  /** The first channel that is joined; null if the connection is cut. */
  @Nullable Channel standing() {
    for (Channel channel : channels.values()) {
      if (channel.joined()) {
        return channel;
      }
    }
    return null;
  }

  /** Whether every namespace that is in use was joined or refused. */
  boolean settled() {
    return channels.values().stream()
        .allMatch(channel -> channel.joined() || channel.refused() || !channel.socket().isActive());
  }

  /** Whether no other namespace is joined, or can still be. */
  boolean hasNoneBut(AwareSocket socket) {
    return channels.values().stream()
        .noneMatch(
            channel ->
                channel.socket() != socket && channel.socket().isActive() && !channel.refused());
  }

  /** Whether the application still uses one of its namespaces. */
  boolean isWanted() {
    return channels.values().stream().anyMatch(channel -> channel.socket().isActive());
  }

  /** Whether the server still owes answers. */
  boolean owed() {
    return channels.values().stream().anyMatch(Channel::owed);
  }

  /** Whether its transport is a WebSocket. */
  boolean isWebSocket() {
    // Only the transport in use has this listener of the stock client.
    return transports.stream()
        .anyMatch(
            each -> Target.WEBSOCKET.equals(each.name) && each.hasListeners(Transport.EVENT_DRAIN));
  }

  Pod pod() {
    return pod;
  }

  Object key() {
    return key;
  }

  @Override
  public void opening() {
    target.refresh(options);
  }

  @Override
  public SentIds sentIds() {
    return sentIds;
  }

  /** Has the stock client forget an answer: it forgets what it has been given. */
  @Override
  public void forget(Channel channel, int id) {
    Packet<JSONArray> answer = new Packet<>(Parser.ACK, new JSONArray());
    answer.id = id;
    answer.nsp = channel.socket().namespace();
    forging = true;
    try {
      manager.emit(Manager.EVENT_PACKET, answer);
    } finally {
      forging = false;
    }
  }

  @Override
  public void joined(Channel channel) {
    if (!dropped) {
      events.joined(this, channel);
    }
  }

  @Override
  public void left(Channel channel, String reason) {
    if (!dropped) {
      events.left(this, channel.socket(), reason);
    }
  }

  @Override
  public void refused(Channel channel, Object error) {
    if (!dropped) {
      events.refused(this, channel, error);
    }
  }

  @Override
  public void answered() {
    if (!dropped) {
      events.answered(this);
    }
  }

  @Override
  public void arrived(Channel channel, String event, Object[] args) {
    if (dropped) {
      return;
    }
    if (event.startsWith(Wire.PREFIX)) {
      told(event, args);
    } else {
      events.arrived(this, channel.socket(), event, args);
    }
  }

  private void told(String event, Object[] args) {
    if (args.length > 0 && args[args.length - 1] instanceof Ack) {
      ((Ack) args[args.length - 1]).call();
    }
    switch (event) {
      case Wire.HELLO:
        Pod said = Pod.of(args);
        if (said == null) {
          log.ignored(event, args, Pod.FORM);
        } else {
          pod = said;
          events.greeted(this);
        }
        break;
      case Wire.PLAN:
        if (!delay.planned(args)) {
          log.ignored(event, args, ReconnectDelay.FORM);
        }
        break;
      case Wire.RECONNECT:
        Hint hint = Hint.of(args);
        if (hint == null) {
          log.ignored(event, args, Hint.FORM);
        } else {
          delay.hinted();
          events.hinted(this, hint);
        }
        break;
      case Wire.TOKEN:
        if (!auth.told(args)) {
          log.ignored(event, args, SessionAuth.FORM);
        }
        break;
      default: // of a later version
        break;
    }
  }
}
