package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.thread.EventThread;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of one address, and the application's calls on them. Its state belongs to the event
 * thread. Other threads touch only the list of sockets, the outbox's gate, and what is volatile.
 */
final class Client implements AwareSocket.Port {
  private final Target target;
  private final Log log;
  private final AwareManager manager = new AwareManager();
  private final Sockets sockets = new Sockets(this);
  private final Connections connections = new Connections();
  private final Outbox outbox = new Outbox(connections::channel);
  private final Moves moves;
  private final Inbound inbound;

  /** The client of an address. Of the options, those that concern the address count. */
  Client(Target target, AwareOptions options, Timers timers) {
    this.target = target;
    log = new Log(options.log());
    moves =
        new Moves(
            target, options, timers, log, manager, sockets, connections, outbox, this::connection);
    inbound = new Inbound(connections, moves, outbox, manager);
  }

  private Connection connection(Target to) {
    return new Connection(inbound, to, log);
  }

  @Override
  public AwareSocket socket(String namespace, AwareOptions options) {
    return sockets.of(namespace, options);
  }

  @Override
  public AwareManager manager() {
    return manager;
  }

  @Override
  public MoveState moveState() {
    return moves.state();
  }

  @Override
  public void emit(AwareSocket socket, String event, Object[] args, @Nullable Ack ack) {
    outbox.emit(socket, event, args, ack);
  }

  @Override
  public void connect(AwareSocket socket) {
    boolean connected = socket.connected() && !connections.isStaying(socket);
    boolean anew = sockets.active().isEmpty();
    socket.setActive(true);
    Connection current = connections.current();
    // A stock manager that is opened while it still closes leaves a connection behind.
    if (current == null || anew) {
      current = connection(target);
      connections.begin(current);
    }
    Move move = moves.underWay();
    if (move != null) {
      move.join(socket);
    }
    if (connected) { // not now: this may be a listener of the last move's end
      EventThread.nextTick(moves::again);
    }
    // In the hold, and after its end by the pod, nothing is said on the old connection.
    if (!connected && (move == null || !(move.holding() || move.oldHasEnded()))) {
      current.channel(socket).open();
    }
  }

  @Override
  public void disconnect(AwareSocket socket) {
    Move move = moves.underWay();
    if (move != null) {
      move.sendLastWords(socket);
    }
    socket.setActive(false);
    outbox.sendLastWords(socket);
    Channel channel = connections.current() == null ? null : connections.current().known(socket);
    boolean reports = channel != null && channel.joined();
    if (channel != null) {
      channel.close();
    }
    if (!reports) { // it was cut, and the application may not know
      moves.left(socket, "io client disconnect");
    }
  }
}
