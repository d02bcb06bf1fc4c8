package io.gracefuldrain.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A TCP proxy that leads a connection to the server that its cookie names, whatever that server
 * does. Others go where it leads now, and get a cookie for that.
 */
final class StickyProxy implements AutoCloseable {
  static final String COOKIE = "route";

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "sticky-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Integer> ports;
  private volatile String open;

  /**
   * Listens.
   *
   * @param ports of the servers, by their names
   */
  StickyProxy(Map<String, Integer> ports, String open) throws IOException {
    this.ports = ports;
    this.open = open;
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on those without a cookie go there. */
  void leadTo(String server) {
    open = server;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      threads.shutdown(); // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      String named =
          ports.keySet().stream()
              .filter(name -> head.contains(COOKIE + "=" + name))
              .findAny()
              .orElse("");
      String server = named.isEmpty() ? open : named;
      try (Socket pod = new Socket(InetAddress.getLoopbackAddress(), ports.get(server))) {
        pod.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        var requests = threads.submit(() -> relay(client, pod));
        if (named.isEmpty()) {
          String answer = head(pod.getInputStream());
          String cookie = "Set-Cookie: " + COOKIE + "=" + server + "; Path=/\r\n";
          String given = answer.replaceFirst("\r\n\r\n", "\r\n" + cookie + "\r\n");
          client.getOutputStream().write(given.getBytes(StandardCharsets.ISO_8859_1));
        }
        relay(pod, client);
        requests.get();
      }
    } catch (Exception e) {
      // A connection that fails ends; its client sees that.
    }
  }

  /** A request or an answer up to its body. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended in its head");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void relay(Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      from.getInputStream().transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      try {
        to.close();
      } catch (IOException already) {
        // It is gone.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
