package io.gracefuldrain.handover;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What may be found at a pod's address instead of the pod: each connection is met by a script. */
final class ForeignPod implements AutoCloseable {
  /** Meets one connection; it is closed afterwards. */
  interface Script {
    void meet(int number, String request, Socket socket) throws Exception;
  }

  private final ServerSocket server;
  private final Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  ForeignPod(Script script) {
    this.script = script;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** Answers each request with the same text. */
  static ForeignPod answering(String response) {
    return new ForeignPod(
        (number, request, socket) ->
            socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Reads requests, and answers none. */
  static ForeignPod silent() {
    return new ForeignPod((number, request, socket) -> socket.getInputStream().read());
  }

  /** A proxy before a pod; the answers to some connections, counted from 1, are dropped. */
  static ForeignPod before(int port, Set<Integer> lost) {
    return new ForeignPod(
        (number, request, socket) -> {
          byte[] answer = forward(port, request);
          if (!lost.contains(number)) {
            socket.getOutputStream().write(answer);
          }
        });
  }

  private static byte[] forward(int port, String request) throws IOException {
    try (Socket pod = new Socket(InetAddress.getLoopbackAddress(), port)) {
      pod.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return pod.getInputStream().readAllBytes(); // the pod closes each connection
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "foreign-pod");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        int number = connections.incrementAndGet();
        daemon(() -> meet(number, socket));
      } catch (IOException e) {
        return; // it is closed
      }
    }
  }

  private void meet(int number, Socket socket) {
    try (socket) {
      script.meet(number, request(socket.getInputStream()), socket);
    } catch (Exception e) {
      // the other side has given up, which is what the tests are about
    } finally {
      open.remove(socket);
    }
  }

  /** The head of a request; ours have no body. */
  private static String request(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  int port() {
    return server.getLocalPort();
  }

  /** How many connections there were. */
  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
