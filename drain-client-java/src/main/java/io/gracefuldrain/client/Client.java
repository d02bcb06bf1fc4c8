package io.gracefuldrain.client;

import io.socket.client.Ack;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of one address, and the application's calls on them. Its state belongs to the event
 * thread. Other threads touch only the list of sockets and the outbox's gate.
 */
final class Client implements AwareSocket.Port {
  private final Target target;
  private final Sockets sockets = new Sockets(this);
  private final Connections connections = new Connections();
  private final Outbox outbox = new Outbox(connections::channel);
  private final Moves moves;
  private final Inbound inbound;

  Client(Target target, Duration overlap, Timers timers) {
    this.target = target;
    moves =
        new Moves(
            target, overlap.toMillis(), timers, sockets, connections, outbox, this::connection);
    inbound = new Inbound(connections, moves, outbox);
  }

  private Connection connection(Target to, AwareSocket first) {
    return new Connection(inbound, to, first);
  }

  @Override
  public AwareSocket socket(String namespace, AwareOptions options) {
    return sockets.of(namespace, options);
  }

  @Override
  public void emit(AwareSocket socket, String event, Object[] args, @Nullable Ack ack) {
    outbox.emit(socket, event, args, ack);
  }

  @Override
  public void connect(AwareSocket socket) {
    socket.setActive(true);
    Connection current = connections.current();
    if (current == null) {
      current = connection(target, socket);
      connections.begin(current);
    }
    Move move = moves.underWay();
    if (move != null) {
      move.join(socket);
    }
    if (move == null || !move.holding()) { // else nothing more is said on the old connection
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
    Connection current = connections.current();
    if (current != null) {
      current.leave(socket);
    }
    socket.lost("io client disconnect"); // a cut that was hidden from it
    moves.leave(socket);
  }

  @Override
  public void listen(AwareSocket socket, String event) {
    connections.listen(socket, event);
    Move move = moves.underWay();
    Connection next = move == null ? null : move.next();
    if (next != null) {
      next.listen(socket, event);
    }
  }
}
