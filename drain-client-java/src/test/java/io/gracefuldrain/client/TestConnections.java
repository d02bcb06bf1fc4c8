package io.gracefuldrain.client;

import io.socket.client.IO;
import java.net.URI;

/** Connections that are never opened. */
final class TestConnections {
  private static final URI URL = URI.create("http://127.0.0.1:9");

  private TestConnections() {}

  /** A connection whose reports nobody reads. */
  static Connection unopened(AwareOptions options) {
    AwareSocket socket = DrainAware.socket(URL, new IO.Options(), options);
    Connection connection =
        new Connection(new Unread(), Target.of(URL, new IO.Options()), new Log(null));
    connection.channel(socket);
    return connection;
  }

  private static final class Unread implements Connection.Events {
    @Override
    public void joined(Connection connection, Channel channel) {}

    @Override
    public void left(Connection connection, AwareSocket socket, String reason) {}

    @Override
    public void refused(Connection connection, Channel channel, Object error) {}

    @Override
    public void greeted(Connection connection) {}

    @Override
    public void hinted(Connection connection, Hint hint) {}

    @Override
    public void arrived(Connection connection, AwareSocket socket, String event, Object[] args) {}

    @Override
    public void answered(Connection connection) {}

    @Override
    public void fired(Connection connection, String event, Object[] args) {}
  }
}
