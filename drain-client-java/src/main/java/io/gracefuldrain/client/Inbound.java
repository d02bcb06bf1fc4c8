package io.gracefuldrain.client;

import io.socket.client.Socket;

/**
 * What connections report. The next connection of a move concerns the move only. The current one
 * concerns the application. On the event thread.
 */
final class Inbound implements Connection.Events {
  private final Connections connections;
  private final Moves moves;
  private final Outbox outbox;

  Inbound(Connections connections, Moves moves, Outbox outbox) {
    this.connections = connections;
    this.moves = moves;
    this.outbox = outbox;
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
      channel.socket().entered(channel.id());
      outbox.sendKept(channel.socket());
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
        toIt.lost(reason);
      }
    } else if (retired != null) {
      retired.left();
    }
  }

  private void leftCurrent(AwareSocket socket, String reason) {
    boolean forGood = reason.startsWith("io "); // one of the two sides wanted it
    Move fromIt = moves.underWay();
    if (forGood || fromIt == null || !fromIt.hides(reason)) {
      socket.lost(reason);
    }
    if (forGood && socket.isActive()) {
      gone(socket);
    }
    if (!forGood && fromIt != null) {
      fromIt.cut();
    }
  }

  /** The socket does not reconnect. */
  private void gone(AwareSocket socket) {
    socket.setActive(false);
    moves.leave(socket);
  }

  @Override
  public void refused(Connection connection, Channel channel, Object error) {
    Move toIt = moves.to(connection);
    if (toIt != null) {
      toIt.refused(channel, error instanceof Exception e ? ReadyCall.message(e) : error.toString());
    } else if (connections.isCurrent(connection)) {
      AwareSocket socket = channel.socket();
      if (!channel.inner().isActive()) { // the server's last word
        socket.lost("io server disconnect"); // it had a connection before a move
        gone(socket);
      }
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
      moves.deliver(socket, event, args);
    }
  }

  @Override
  public void answered(Connection connection) {
    RetiredConnection retired = connections.retired(connection);
    if (retired != null) {
      retired.answered();
    }
  }
}
