package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  @Test
  void resume_inTheLastSecondOfSettling_answersWhatCameInIt() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(policy -> policy.withMoveWindow(Duration.ofMillis(500)))
            .start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      poller.post("42[\"order\",60000]");
      pod.awaitWork();
      CompletableFuture<DrainReport> drain = pod.drain();
      lastSecondOfSettling(pod);
      CountDownLatch came = new CountDownLatch(2);
      pod.tap().onRequest(request -> came.countDown());
      CompletableFuture<TestHttp.Answer> poll = poller.pending();
      CompletableFuture<TestHttp.Answer> upload =
          CompletableFuture.supplyAsync(() -> poller.postQuietly("42[\"upload\",\"held\",1]"));
      assertThat(came.await(10, TimeUnit.SECONDS)).isTrue();

      pod.coordinator().resume();

      assertThat(FeedServer.receipt(drain).count(Outcome.KEPT)).isOne();
      assertThat(upload.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      Await.until("its dispatch", () -> pod.uploads().has("held", 1));
      session.send(1);
      poller.take(poll.get(10, TimeUnit.SECONDS));
      assertThat(poller.numbers()).containsExactly(0);
      poller.post("41");
      Await.until("its end", () -> pod.coordinator().report().connections() == 0);
    }
  }

  @Test
  void resume_inTheLastSecondOfSettling_dispatchesPacketsThatCameInItInTheirOrder()
      throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a")
                .policy(policy -> policy.withMoveWindow(Duration.ofMillis(500)))
                .start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      client.feed(pod, "", "client");
      List<String> said = new CopyOnWriteArrayList<>();
      pod.server().addEventListener("say", String.class, (sender, word, ack) -> said.add(word));
      client.emitForAck("", "\"order\",60000");
      pod.awaitWork();
      CompletableFuture<DrainReport> drain = pod.drain();
      lastSecondOfSettling(pod);
      List<String> words = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
      for (String word : words) {
        client.emitForAck("", "\"say\",\"" + word + "\"");
      }

      pod.coordinator().resume();

      assertThat(FeedServer.receipt(drain).count(Outcome.KEPT)).isOne();
      Await.until("all are dispatched", () -> said.size() == words.size());
      assertThat(said).isEqualTo(words);
      client.awaitAck("", client.emitForAck("", "\"order\",1"));
    }
  }

  /** In it, no dispatch begins on a connection that is due. */
  private static void lastSecondOfSettling(FeedServer pod) {
    pod.awaitPhase(DrainPhase.SETTLING);
    Duration last = FeedServer.POLICY.forceTimeout().plusMillis(950);
    Await.until(
        "its last second", () -> pod.coordinator().report().budgetRemaining().compareTo(last) < 0);
  }
}
