package io.gracefuldrain.client;

import io.socket.client.Manager;
import io.socket.client.Socket;

/**
 * What connections report. The next connection of a move concerns the move only. The current one
 * concerns the application. On the event thread.
 */
final class Inbound implements Connection.Events {
  private final Connections connections;
  private final Moves moves;
  private final Outbox outbox;
  private final AwareManager manager;

  Inbound(Connections connections, Moves moves, Outbox outbox, AwareManager manager) {
    this.connections = connections;
    this.moves = moves;
    this.outbox = outbox;
    this.manager = manager;
  }

  @Override
  public void joined(Connection connection, Channel channel) {
    Move toIt = moves.to(connection);
    if (toIt != null) {
      toIt.joined(channel);
    } else if (connections.isCurrent(connection)) {
      Move fromIt = moves.underWay();
      if (fromIt != null) {
        fromIt.oldJoined();
      }
      enter(channel);
    }
  }

  /** The order is that of the stock client: what was buffered is sent before the event. */
  private void enter(Channel channel) {
    AwareSocket socket = channel.socket();
    connections.endStay(socket);
    socket.listeners().seen().forgetAll();
    boolean away = socket.enter(channel.id());
    outbox.sendKept(socket);
    if (away || socket.options().ready() == null) {
      socket.listeners().fire(Socket.EVENT_CONNECT);
    }
    if (channel.joined()) { // else the application has disconnected
      ReadyCall.unawaited(channel);
    }
  }

  @Override
  public void left(Connection connection, AwareSocket socket, String reason) {
    Move toIt = moves.to(connection);
    RetiredConnection retired = connections.retired(connection);
    if (connections.isCurrent(connection)) {
      leftCurrent(socket, reason);
    } else if (toIt != null) {
      if (socket.isActive()) { // else the application has left it, not the server
        leftNext(toIt, socket, reason);
      }
    } else if (retired != null) {
      if (connections.endStay(socket, connection)) {
        moves.end(socket);
      }
      retired.left();
    }
  }

  private static void leftNext(Move move, AwareSocket socket, String reason) {
    if (Reason.isByServer(reason)) {
      move.endedByNext(socket, reason);
    } else {
      move.lost(Failure.REFUSED, reason);
    }
  }

  private void leftCurrent(AwareSocket socket, String reason) {
    if (connections.isStaying(socket)) {
      return; // it is served by an older connection
    }
    boolean forGood = reason.startsWith("io "); // one of the two sides wanted it
    Move fromIt = moves.underWay();
    if (Reason.isByServer(reason) && socket.isActive() && fromIt != null && fromIt.end(socket)) {
      return;
    }
    if (forGood) {
      moves.left(socket, reason); // it does not reconnect
      return;
    }
    if (fromIt == null || !fromIt.hides(reason)) {
      socket.lost(reason);
    }
    if (fromIt != null) {
      fromIt.cut();
    }
  }

  @Override
  public void refused(Connection connection, Channel channel, Object error) {
    Move toIt = moves.to(connection);
    if (toIt != null) {
      toIt.refused(channel, error);
    } else if (connections.isCurrent(connection)) {
      refusedByCurrent(channel, error);
    }
  }

  private void refusedByCurrent(Channel channel, Object error) {
    AwareSocket socket = channel.socket();
    if (channel.refused() && !connections.isStaying(socket)) { // the server's last word
      moves.end(socket);
    }
    if (channel.refused() || !socket.connected()) { // else its cut is not known yet
      socket.listeners().fire(Socket.EVENT_CONNECT_ERROR, error);
    }
  }

  @Override
  public void greeted(Connection connection) {
    Move toIt = moves.to(connection);
    if (toIt != null) {
      toIt.greeted();
    }
  }

  @Override
  public void hinted(Connection connection, Hint hint) {
    moves.hinted(connection, hint);
  }

  @Override
  public void arrived(Connection connection, AwareSocket socket, String event, Object[] args) {
    Move toIt = moves.to(connection);
    if (toIt != null) {
      toIt.arrived(socket, event, args);
    } else {
      moves.deliver(connection, socket, event, args);
    }
  }

  @Override
  public void answered(Connection connection) {
    RetiredConnection retired = connections.retired(connection);
    if (retired != null) {
      retired.answered();
    }
  }

  @Override
  public void fired(Connection connection, String event, Object[] args) {
    Move fromIt = moves.underWay();
    boolean told =
        connections.isCurrent(connection) && (fromIt == null || !fromIt.hides(event, args));
    boolean closed = event.equals(Manager.EVENT_CLOSE) && connections.isLeft(connection);
    if (told || closed || event.equals(Manager.EVENT_TRANSPORT)) {
      manager.fire(event, args);
    }
  }
}
