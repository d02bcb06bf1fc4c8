package io.gracefuldrain.socketio;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** One HTTP request on its own connection, which is read to its end. */
final class TestHttp {
  private static final int MOST_MILLIS = 10_000;

  private TestHttp() {}

  /**
   * An answer.
   *
   * @param headers by name in lower case
   */
  record Answer(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.get(name);
    }
  }

  static Answer get(FeedServer pod, String query) throws IOException {
    return send(pod, "GET", query, "", "");
  }

  static Answer post(FeedServer pod, String query, String body) throws IOException {
    return send(pod, "POST", query, "", body);
  }

  /** A request whose answer may take time. */
  static CompletableFuture<Answer> pending(FeedServer pod, String query) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return get(pod, query);
          } catch (IOException e) {
            throw new IllegalStateException(query, e);
          }
        });
  }

  static Answer send(FeedServer pod, String method, String query, String headers, String body)
      throws IOException {
    return sendTo(pod, method, "/socket.io/?" + query, headers, body);
  }

  /** A request with a path of the test's own. */
  static Answer sendTo(FeedServer pod, String method, String target, String headers, String body)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(MOST_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), pod.port()), MOST_MILLIS);
      byte[] payload = body.getBytes(StandardCharsets.UTF_8);
      OutputStream out = socket.getOutputStream();
      out.write(
          (method
                  + " "
                  + target
                  + " HTTP/1.1\r\nHost: localhost\r\n"
                  + headers
                  + "Content-Length: "
                  + payload.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(payload);
      out.flush();
      return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static Answer parse(String text) throws IOException {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("no answer but '" + text + "'");
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).trim());
    }
    return new Answer(
        Integer.parseInt(lines[0].split(" ", 3)[1]), headers, text.substring(end + 4));
  }
}
