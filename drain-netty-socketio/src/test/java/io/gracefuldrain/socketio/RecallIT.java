package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A drain that is recalled in the middle. */
class RecallIT {
  @Test
  void resume_inTheMiddle_keepsTheRestUndisturbedAndServesAgain() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient aware = ScriptedClient.aware(pod)) {
      List<ScriptedClient> stock = new ArrayList<>();
      List<FeedSession> feeds = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ScriptedClient client = ScriptedClient.stock(pod);
        feeds.add(client.feed(pod, "", "client-" + i));
        stock.add(client);
      }
      CompletableFuture<DrainReport> drain = pod.drain();
      // Registered first, so hinted first. It acknowledges, so its grace outlasts the steps below.
      aware.acknowledge(aware.awaitEvent("drain:reconnect"));
      Await.until("one is let go", () -> stock.stream().anyMatch(it -> it.wire().ended()));

      pod.coordinator().resume();

      DrainReport report = FeedServer.receipt(drain);
      int closed = report.count(Outcome.CLOSED);
      int kept = report.count(Outcome.KEPT);
      assertThat(closed).isPositive();
      assertThat(kept).isEqualTo(7 - closed).isGreaterThan(1);
      assertThat(pod.coordinator().phase()).isEqualTo(DrainPhase.SERVING);
      Await.until(
          "those let go are gone",
          () -> stock.stream().filter(client -> client.wire().ended()).count() == closed);
      assertThat(aware.wire().ended()).isFalse();
      for (int i = 0; i < stock.size(); i++) {
        if (!stock.get(i).wire().ended()) {
          flowsOn(pod, stock.get(i), feeds.get(i));
        }
      }
      try (ScriptedClient fresh = ScriptedClient.stock(pod)) {
        assertThat(pod.drained().count(Outcome.CLOSED)).isEqualTo(kept + 1);
        assertThat(fresh.end()).isEqualTo(WireSocket.End.FIN);
      }
      stock.forEach(ScriptedClient::close);
    }
  }

  private static void flowsOn(FeedServer pod, ScriptedClient client, FeedSession feed) {
    int before = feed.owed();
    Await.until("the feed goes on", () -> client.numbers(feed).size() > before + 10);
    List<Integer> numbers = client.numbers(feed);
    assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
    client.awaitAck("", client.emitForAck("", "\"upload\",\"kept\",1"));
    client.awaitAck("", client.emitForAck("", "\"order\",1"));
    assertThat(pod.uploads().has("kept", 1)).isTrue();
  }

  @Test
  void resume_afterDrained_admitsAgain() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      pod.drained();
      assertThat(TestHttp.get(pod, "EIO=4&transport=polling").status()).isEqualTo(503);

      pod.coordinator().resume();

      assertThat(ScriptedPoller.join(pod).ready("again").open()).isTrue();
    }
  }
}
