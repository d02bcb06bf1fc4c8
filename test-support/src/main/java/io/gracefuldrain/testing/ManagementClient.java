package io.gracefuldrain.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks a management port, each time over a connection of its own. */
public final class ManagementClient implements AutoCloseable {
  private final int port;
  private final String token;
  private final List<RawClient> connections = new ArrayList<>();

  /** A client that knows the admin token. */
  public ManagementClient(int port, String token) {
    this.port = port;
    this.token = token;
  }

  /** A new connection, which is closed with this client. */
  public RawClient connect() throws IOException {
    RawClient connection = new RawClient(port);
    connections.add(connection);
    return connection;
  }

  /** Sends a GET, and reads the answer. */
  public RawClient.Response get(String path) throws IOException {
    return connect().get(path).read();
  }

  /** Sends a request with the admin token, and reads the answer. */
  public RawClient.Response admin(String method, String path) throws IOException {
    return connect()
        .send(
            method
                + " "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token
                + "\r\nConnection: close\r\n\r\n")
        .read();
  }

  @Override
  public void close() throws IOException {
    for (RawClient connection : connections) {
      connection.close();
    }
  }
}
