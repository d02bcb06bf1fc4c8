package io.gracefuldrain.sample.handover;

import io.gracefuldrain.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A Socket.IO session over a WebSocket that brings whatever {@code auth} a test wants. */
@SuppressWarnings("FutureReturnValueIgnored") // a packet that cannot be sent ends the connection
final class RawSession implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<String> packets = new CopyOnWriteArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final String auth;
  private final WebSocket socket;
  private volatile boolean over;

  /** Connects, with this as its auth; empty for none. */
  RawSession(Door door, String auth) {
    this.auth = auth;
    socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(
                URI.create(
                    "ws://127.0.0.1:"
                        + door.port()
                        + "/socket.io/?EIO=4&transport=websocket&feedMs=100"),
                new Heard())
            .join();
  }

  /** An auth with a pid. */
  static String auth(String user, String pid) {
    return new JSONObject().put("user", user).put("pid", pid).toString();
  }

  private final class Heard implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String packet = text.toString();
        text.setLength(0);
        packets.add(packet);
        if (packet.startsWith("0")) {
          from.sendText("40" + auth, true);
        } else if (packet.equals("2")) {
          from.sendText("3", true);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      over = true;
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      over = true;
    }
  }

  /** The answer to its CONNECT. */
  JSONObject answer() {
    Await.until(() -> "the answer, of " + packets, SOON, () -> find("40{") != null);
    return new JSONObject(String.valueOf(find("40{")).substring(2));
  }

  private @Nullable String find(String start) {
    return packets.stream().filter(each -> each.startsWith(start)).findFirst().orElse(null);
  }

  String pid() {
    return answer().getString("pid");
  }

  /** Waits for messages of the feed. */
  RawSession awaitFeed() {
    Await.until(() -> "a feed, of " + packets, SOON, () -> find("42[\"feed\"") != null);
    return this;
  }

  /** The numbers of the feed, in the order in which they came. */
  List<Long> feed() {
    return packets.stream()
        .filter(each -> each.startsWith("42[\"feed\""))
        .map(each -> new JSONObject(each.substring(each.indexOf('{'))).getLong("n"))
        .toList();
  }

  RawSession awaitEnd() {
    Await.until("the end of the connection", SOON, () -> over);
    return this;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
