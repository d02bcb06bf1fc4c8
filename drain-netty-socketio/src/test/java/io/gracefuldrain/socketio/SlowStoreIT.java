package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.RecoveryScene.Connect;
import io.gracefuldrain.socketio.RecoveryScene.Ledger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Sessions whose data and rooms are in a store across a network, or in one that is away. */
@Isolated("a crowd keeps the processors busy")
class SlowStoreIT {
  private final Map<String, RemoteStore> stores = new ConcurrentHashMap<>();

  private RecoveryScene scene() {
    return new RecoveryScene(
        new RecoveryScene.Setting() {
          @Override
          public void configure(String pod, Configuration configuration) {
            configuration.setStoreFactory(stores.computeIfAbsent(pod, any -> new RemoteStore()));
          }
        });
  }

  @Test
  void drain_withAStoreAcrossANetwork_missesNothing() throws Exception {
    try (RecoveryScene scene = scene()) {
      scene.group("websocket", "socket.io-client", List.of("websocket"), "/");
      scene.group("chat", "socket.io-client", List.of("websocket"), "/chat");
      scene.group("upgrade", "socket.io-client", List.of("polling", "websocket"), "/");
      scene.arrive();

      DrainReport report = scene.drain(scene.podA(), scene.podB());

      List<Ledger> ledgers = scene.end();
      System.out.println(
          "milliseconds that a CONNECT waits, at first and when it is handed over, with calls of "
              + RemoteStore.MILLIS
              + " ms: "
              + ledgers.stream()
                  .map(each -> each.connected().stream().map(Connect::waited).toList())
                  .toList());
      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isEqualTo(report.tracked());
      assertThat(scene.recovered()).containsExactlyInAnyOrderElementsOf(scene.names());
      scene.assertNothingIsLost(ledgers, 2);
    }
  }

  /** Nobody stays out, and nobody is told that it has all. */
  @Test
  void drain_whenTheOldPodsStoreIsAway_beginsAnew() throws Exception {
    awayAt("pod-a");
  }

  @Test
  void drain_whenTheNewPodsStoreIsAway_beginsAnew() throws Exception {
    awayAt("pod-b");
  }

  private void awayAt(String pod) throws Exception {
    try (RecoveryScene scene = scene()) {
      scene.group("websocket", "socket.io-client", List.of("websocket"), "/");
      scene.arrive();
      stores.get(pod).away(true);
      CompletableFuture<DrainReport> drain = scene.podA().drain();
      scene.door().leadTo(scene.podB());

      scene.awaitEntries(2 * scene.names().size());
      DrainReport report = FeedServer.receipt(drain);

      assertThat(scene.recovered()).isEmpty();
      assertThat(scene.podB().server().getRoomOperations("room").getClients())
          .as("what was handed over in part is undone")
          .hasSize(pod.equals("pod-b") ? 0 : scene.names().size());
      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isZero();
    }
  }
}
