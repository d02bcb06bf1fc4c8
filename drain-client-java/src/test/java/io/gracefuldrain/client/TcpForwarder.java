package io.gracefuldrain.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small Service. New connections go to its current pod, and old ones stay. It can cut all of
 * them.
 */
final class TcpForwarder implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile int target;

  TcpForwarder(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Daemons.start("forwarder-accept", this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  void lead(int to) {
    target = to;
  }

  /** Cuts every connection that stands, as a lost node does. */
  void cut() {
    for (Socket socket : sockets) {
      close(socket);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket pod = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        pod.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(pod);
        Daemons.start("forwarder-up", () -> pump(client, pod));
        Daemons.start("forwarder-down", () -> pump(pod, client));
      } catch (IOException e) {
        // closed, or no pod there: the client sees its connection end
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      to.shutdownOutput(); // a half-closed connection stays one
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
