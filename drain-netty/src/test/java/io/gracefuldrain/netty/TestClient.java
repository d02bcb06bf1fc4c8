package io.gracefuldrain.netty;

import io.gracefuldrain.contract.ContractClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The JDK's WebSocket client. */
final class TestClient implements ContractClient, WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final WebSocket socket;
  private volatile boolean ended;

  private TestClient(int port) throws Exception {
    socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), this)
            .get(10, TimeUnit.SECONDS);
  }

  static TestClient connect(int port) throws Exception {
    return new TestClient(port);
  }

  @Override
  public void send() throws Exception {
    socket.sendText("work", true).get(10, TimeUnit.SECONDS);
  }

  @Override
  public void leave() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(e -> socket).join();
  }

  @Override
  public boolean connected() {
    return !ended;
  }

  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public CompletionStage<?> onClose(WebSocket closed, int code, String reason) {
    ended = true;
    return null;
  }

  @Override
  public void onError(WebSocket failed, Throwable error) {
    ended = true;
  }
}
