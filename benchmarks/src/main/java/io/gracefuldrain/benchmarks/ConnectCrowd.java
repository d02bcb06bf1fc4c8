package io.gracefuldrain.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Clients that connect over a WebSocket, one after the other, and leave. */
final class ConnectCrowd {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private ConnectCrowd() {}

  /** How long it takes from a CONNECT to its answer, in the median of so many connections. */
  static double medianAnswerMicros(int port, int connections) throws Exception {
    List<Double> answers = new ArrayList<>();
    connect(port, connections, (opening, begun, answered) -> answers.add((answered - begun) / 1e3));
    return Spread.of(answers).median();
  }

  /** How long it takes from the first SYN to the answer to the CONNECT, of each of so many. */
  static List<Double> landingMillis(int port, int connections) throws Exception {
    List<Double> landings = new ArrayList<>();
    connect(
        port, connections, (opening, begun, answered) -> landings.add((answered - opening) / 1e6));
    return landings;
  }

  /** Hears when a client has begun to connect, to send its CONNECT, and was answered. */
  private interface Times {
    void add(long opening, long begun, long answered);
  }

  private static void connect(int port, int connections, Times times) throws Exception {
    URI address = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
    for (int i = 0; i < connections; i++) {
      Client client = new Client();
      long opening = System.nanoTime();
      WebSocket socket =
          HTTP.newWebSocketBuilder()
              .connectTimeout(PATIENCE)
              .buildAsync(address, client)
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      client.opened.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      long begun = System.nanoTime();
      var unused = socket.sendText("40", true);
      long answered = client.answered.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      times.add(opening, begun, answered);
      socket.abort();
    }
  }

  private static final class Client implements WebSocket.Listener {
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Long> answered = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        heard(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void heard(String packet) {
      if (packet.startsWith("0{")) {
        opened.complete(null);
      } else if (packet.startsWith("40")) {
        answered.complete(System.nanoTime());
      }
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      opened.completeExceptionally(error);
      answered.completeExceptionally(error);
    }
  }
}
