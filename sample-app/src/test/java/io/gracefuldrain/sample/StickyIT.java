package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.client.AwareOptions;
import io.gracefuldrain.client.AwareSocket;
import io.gracefuldrain.client.DrainAware;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Cookies;
import io.socket.client.IO;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.json.JSONObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aware clients behind a proxy that leads them back to their pod by a cookie. */
class StickyIT {
  private static DrainingServer sticky(String name) {
    return DrainingServer.start(name, policy -> policy.withAffinityCookie(StickyProxy.COOKIE));
  }

  private final List<String> moved = new CopyOnWriteArrayList<>();
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  private AwareSocket open(StickyProxy proxy, String transport) {
    OkHttpClient http = new OkHttpClient.Builder().cookieJar(new Cookies()).build();
    IO.Options options = new IO.Options();
    options.transports = new String[] {transport};
    options.callFactory = http;
    options.webSocketFactory = http;
    AwareSocket socket =
        DrainAware.socket("http://127.0.0.1:" + proxy.port(), options, AwareOptions.defaults());
    socket.on("drain:moved", event -> moved.add(pod((JSONObject) event[0])));
    socket.on("drain:failed", event -> wrong.add(String.valueOf(event[0])));
    socket.on("disconnect", event -> wrong.add(String.valueOf(event[0])));
    return socket.connect();
  }

  private static String pod(JSONObject event) {
    return event.optJSONObject("to", new JSONObject()).optString("pod");
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling"})
  void drain_behindACookie_movesAwareClientsWithNothingToNotice(String transport) throws Exception {
    List<AwareSocket> sockets = new ArrayList<>();
    try (DrainingServer podA = sticky("pod-a");
        DrainingServer podB = sticky("pod-b");
        StickyProxy proxy =
            new StickyProxy(Map.of("pod-a", podA.port(), "pod-b", podB.port()), "pod-a")) {
      for (int i = 0; i < 3; i++) {
        sockets.add(open(proxy, transport));
      }
      Await.until("all on pod-a", () -> podA.connections() == 3);
      Await.until("all in", () -> sockets.stream().allMatch(AwareSocket::connected));
      proxy.leadTo("pod-b");

      DrainReport receipt =
          podA.coordinator()
              .drain(DrainReason.MANUAL)
              .done()
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      Await.until(() -> "moves " + moved, Await.SOON, () -> moved.size() == 3);

      assertThat(moved).containsOnly("pod-b");
      assertThat(wrong).isEmpty();
      // The new cookie leads what still polls elsewhere, too: an old connection over long-polling
      // is
      // cut by it, and cannot say that its client has landed.
      boolean polling = transport.equals("polling");
      assertThat(receipt.count(polling ? Outcome.CLOSED : Outcome.LANDED))
          .as(receipt.toText())
          .isEqualTo(3);
    } finally {
      sockets.forEach(AwareSocket::disconnect);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling"})
  void shed_behindACookie_movesAwareClients(String transport) throws Exception {
    List<AwareSocket> sockets = new ArrayList<>();
    try (DrainingServer podA = sticky("pod-a");
        DrainingServer podB = sticky("pod-b");
        StickyProxy proxy =
            new StickyProxy(Map.of("pod-a", podA.port(), "pod-b", podB.port()), "pod-a")) {
      for (int i = 0; i < 2; i++) {
        sockets.add(open(proxy, transport));
      }
      Await.until("all on pod-a", () -> podA.connections() == 2);
      Await.until("all in", () -> sockets.stream().allMatch(AwareSocket::connected));
      proxy.leadTo("pod-b");

      podA.coordinator().shed(2);
      Await.until(() -> "moves " + moved, Await.SOON, () -> moved.size() == 2);

      assertThat(moved).containsOnly("pod-b");
      assertThat(wrong).isEmpty();
      assertThat(podA.coordinator().report().shedCameBack()).as("each once").isEqualTo(2);
    } finally {
      sockets.forEach(AwareSocket::disconnect);
    }
  }
}
