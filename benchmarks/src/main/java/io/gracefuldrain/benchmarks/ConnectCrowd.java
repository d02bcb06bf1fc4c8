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
    URI address = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
    List<Double> answers = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Client client = new Client();
      WebSocket socket =
          HTTP.newWebSocketBuilder()
              .connectTimeout(PATIENCE)
              .buildAsync(address, client)
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      client.opened.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      long begun = System.nanoTime();
      var unused = socket.sendText("40", true);
      long answered = client.answered.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      answers.add((answered - begun) / 1e3);
      socket.abort();
    }
    return Spread.of(answers).median();
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
