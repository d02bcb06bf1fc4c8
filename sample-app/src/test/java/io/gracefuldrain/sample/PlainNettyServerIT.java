package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The server without Socket.IO, run from the jar as a separate process, with the JDK's clients. */
@Execution(ExecutionMode.CONCURRENT)
class PlainNettyServerIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pattern CLOSED = Pattern.compile("\"CLOSED\":(\\d+)");
  private static final int STOCK = 6;
  private static final int AWARE = 2;
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "100ms",
          "DRAIN_READINESS_DELAY_MAX", "100ms",
          "DRAIN_MOVE_WINDOW", "3s",
          "DRAIN_HINT_GRACE", "1s");

  @Test
  void sigterm_clientsOfBothKinds_areLetGoInTheirSlotsAndTheReceiptAddsUp(@TempDir Path folder)
      throws Exception {
    int[] ports = Ports.free(2);
    List<Client> stock = new ArrayList<>();
    List<Client> aware = new ArrayList<>();
    try (AppProcess app =
        AppProcess.runCopy(AppProcess.JAR, PlainNettyServer.class, folder, ports, QUICK)) {
      app.awaitOutput("\"phase\":\"SERVING\"");
      for (int i = 0; i < STOCK; i++) {
        stock.add(Client.connect(ports[0], ""));
      }
      for (int i = 0; i < AWARE; i++) {
        aware.add(Client.connect(ports[0], "?drain=1"));
      }
      Client guest = stock.get(0);
      guest.send("tea");
      Await.until("the order", SOON, () -> status(ports[1]).contains("\"workInFlight\":1"));

      app.terminate();

      Await.until("some let go, and others not yet", SOON, () -> inTheMiddle(ports[1]));
      for (Client client : stock) {
        Await.until("the client's end", SOON, client::ended);
        assertThat(client.messages).last().isEqualTo(Client.END_WITHOUT_A_RESET);
      }
      assertThat(guest.messages).contains("tea is served");
      for (Client client : aware) {
        Await.until("the client's end", SOON, client::ended);
        assertThat(client.messages)
            .anyMatch(message -> message.startsWith("{\"type\":\"reconnect\",\"graceMs\":"))
            .last()
            .isEqualTo(Client.OWN_GOODBYE);
      }
      assertThat(app.awaitExit(SOON)).isEqualTo(143);
      assertThat(app.output())
          .containsOnlyOnce("\"code\":\"DRAIN-009\"")
          .contains(
              "\"tracked\":" + (STOCK + AWARE) + ",",
              "\"LEFT\":" + AWARE,
              "\"CLOSED\":" + STOCK,
              "\"workAbandoned\":0",
              "\"addsUp\":true");
    } finally {
      stock.forEach(Client::close);
      aware.forEach(Client::close);
    }
  }

  private static boolean inTheMiddle(int managementPort) {
    Matcher closed = CLOSED.matcher(status(managementPort));
    int count = closed.find() ? Integer.parseInt(closed.group(1)) : 0;
    return count > 0 && count < STOCK;
  }

  private static String status(int managementPort) {
    try {
      return RawHttp.ask(managementPort, "GET /drain HTTP/1.0");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A client that obeys a hint, which may come twice: it says that it has heard it, and leaves. */
  private static final class Client implements WebSocket.Listener, AutoCloseable {
    /** What the JDK says of a connection that ends without a Close frame. */
    static final String END_WITHOUT_A_RESET = "closed: 1006";

    /** What it says of a goodbye that the server has answered. */
    static final String OWN_GOODBYE = "closed: 1000";

    final List<String> messages = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;
    private volatile boolean ended;

    private Client(URI uri) throws Exception {
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(uri, this)
              .get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    static Client connect(int port, String query) throws Exception {
      return new Client(URI.create("ws://127.0.0.1:" + port + "/ws" + query));
    }

    void send(String text) throws Exception {
      socket.sendText(text, true).get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean ended() {
      return ended;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        String message = part.toString();
        part.setLength(0);
        messages.add(message);
        if (message.contains("\"reconnect\"")) {
          var unused =
              from.sendText("heard", true)
                  .thenCompose(heard -> heard.sendClose(WebSocket.NORMAL_CLOSURE, ""));
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket closed, int code, String reason) {
      messages.add("closed: " + code);
      ended = true;
      return null;
    }

    @Override
    public void onError(WebSocket failed, Throwable error) {
      messages.add("failed: " + error);
      ended = true;
    }

    @Override
    public void close() {
      socket.abort();
    }
  }
}
