package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.client.AwareOptions;
import io.gracefuldrain.client.AwareSocket;
import io.gracefuldrain.client.DrainAware;
import io.gracefuldrain.testing.Await;
import io.socket.client.IO;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One session a user, and who comes and goes, with a real client that moves. */
class UserSessionsIT {
  private final Map<String, String> sessions = new ConcurrentHashMap<>();
  private final List<String> news = new CopyOnWriteArrayList<>();
  private final List<String> client = new CopyOnWriteArrayList<>();

  private static String user(SocketIOClient client) {
    return String.valueOf(client.getHandshakeData().getSingleUrlParam("user"));
  }

  /** The application of each pod. */
  private void serve(DrainingServer pod, List<DrainingServer> all) {
    pod.server()
        .addConnectListener(
            connected -> {
              String older = sessions.put(user(connected), connected.getSessionId().toString());
              if (older != null) {
                all.forEach(other -> replaced(other, older));
              }
              if (pod.drain().movedFrom(connected).isEmpty()) {
                news.add("joined");
              }
            });
    pod.server()
        .addDisconnectListener(
            gone -> {
              sessions.remove(user(gone), gone.getSessionId().toString());
              if (pod.drain().movedTo(gone).isEmpty()) {
                news.add("left");
              }
            });
  }

  private static void replaced(DrainingServer pod, String session) {
    for (SocketIOClient older : pod.server().getAllClients()) {
      if (older.getSessionId().toString().equals(session) && !pod.drain().moving(older)) {
        older.sendEvent("kicked");
        older.disconnect();
      }
    }
  }

  private AwareSocket open(DrainingServer pod, String transport) {
    IO.Options options = new IO.Options();
    options.transports = new String[] {transport};
    options.query = "user=u";
    AwareSocket socket =
        DrainAware.socket(
            "http://127.0.0.1:" + pod.port(),
            options,
            AwareOptions.defaults().withOrigins(origin -> origin.startsWith("http://127.0.0.1:")));
    for (String event : List.of("kicked", "disconnect", "drain:failed", "drain:moved")) {
      socket.on(event, arguments -> client.add(event));
    }
    return socket.connect();
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling"})
  void aMove_isNeitherASecondSessionNorAGoing_andASecondDeviceIs(String transport)
      throws Exception {
    try (DrainingServer podB = DrainingServer.start("pod-b", policy -> policy);
        DrainingServer podA =
            DrainingServer.start(
                "pod-a", policy -> policy.withReconnectUrl("http://127.0.0.1:" + podB.port()))) {
      List.of(podA, podB).forEach(pod -> serve(pod, List.of(podA, podB)));
      AwareSocket socket = open(podA, transport);
      try {
        Await.until("in", socket::connected);

        DrainReport receipt =
            podA.coordinator()
                .drain(DrainReason.MANUAL)
                .done()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        Await.until("moved", () -> client.contains("drain:moved"));

        assertThat(client).containsExactly("drain:moved");
        assertThat(news).containsExactly("joined");
        assertThat(receipt.count(Outcome.LANDED)).as(receipt.toText()).isOne();
        assertThat(sessions).containsEntry("u", socket.id());

        AwareSocket device = open(podB, transport);
        Await.until("one of them is out", () -> client.contains("disconnect"));
        Await.until("the other is in", device::connected);
        assertThat(client).containsExactly("drain:moved", "kicked", "disconnect");
        assertThat(sessions).containsEntry("u", device.id());
        device.disconnect();
      } finally {
        socket.disconnect();
      }
    }
  }
}
