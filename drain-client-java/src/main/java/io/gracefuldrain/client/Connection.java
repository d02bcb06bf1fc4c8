package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.Manager;
import io.socket.client.Socket;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
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

    void refused(Connection connection, Channel channel, Object error);

    /** The pod has said its name. */
    void greeted(Connection connection);

    /** The pod wants the client to move. */
    void hinted(Connection connection, Hint hint);

    /** The server has sent an event of the application's. */
    void arrived(Connection connection, AwareSocket socket, String event, Object[] args);

    /** An answer that was owed has come, or its time has passed. */
    void answered(Connection connection);
  }

  private final Events events;
  private final Target target;
  private final Manager manager;
  private final boolean reconnection;
  private final ReconnectDelay delay;
  private final Map<String, Channel> channels = new LinkedHashMap<>();
  private Pod pod = Pod.UNKNOWN;
  private boolean dropped;

  Connection(Events events, Target target, AwareSocket first) {
    this.events = events;
    this.target = target;
    this.reconnection = target.options().reconnection;
    Socket inner = target.socket(first.namespace());
    manager = inner.io();
    manager.on(Manager.EVENT_OPEN, args -> pod = Pod.UNKNOWN);
    delay = new ReconnectDelay(manager);
    channels.put(first.namespace(), new Channel(this, first, inner));
  }

  /** A connection of a move does not reconnect before it is adopted. */
  void probe() {
    manager.reconnection(false);
  }

  /** It becomes current, and reconnects as the application's options say. */
  void adopt(Target plain) {
    manager.reconnection(reconnection);
    target.forgetTicket(plain);
  }

  /** It is no longer current, and does not reconnect when the server ends it. */
  void retire() {
    manager.reconnection(false);
  }

  /** The namespace's channel, created if there is none. */
  Channel channel(AwareSocket socket) {
    return channels.computeIfAbsent(
        socket.namespace(),
        namespace -> new Channel(this, socket, manager.socket(namespace, target.options())));
  }

  /** The namespace's channel; null if there is none. */
  @Nullable Channel known(AwareSocket socket) {
    return channels.get(socket.namespace());
  }

  Collection<Channel> channels() {
    return channels.values();
  }

  void listen(AwareSocket socket, String event) {
    Channel channel = known(socket);
    if (channel != null) {
      channel.listen(event);
    }
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

  /** Whether it has joined every namespace that is in use. */
  boolean whole() {
    return channels.values().stream()
        .allMatch(channel -> channel.joined() || !channel.socket().isActive());
  }

  /** Whether the server still owes answers. */
  boolean owed() {
    return channels.values().stream().anyMatch(Channel::owed);
  }

  Pod pod() {
    return pod;
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
    if (args.length > 0 && args[args.length - 1] instanceof Ack ack) {
      ack.call();
    }
    switch (event) {
      case Wire.HELLO -> {
        Pod said = Pod.of(args);
        if (said.known()) {
          pod = said;
          events.greeted(this);
        }
      }
      case Wire.PLAN -> delay.planned(args);
      case Wire.RECONNECT -> {
        Hint hint = Hint.of(args);
        if (hint != null) {
          delay.hinted();
          events.hinted(this, hint);
        }
      }
      default -> {} // of a later version
    }
  }
}
