package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.ScriptedClient.Event;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The server's half of the reconnect hint, with a client that follows the test's commands. */
class HintIT {
  @Test
  void connect_aware_isGreetedInEachNamespaceAfterItsConnect() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod).join("/chat")) {
      List<Event> hellos = client.awaitEvents("drain:hello", 2);

      assertThat(hellos).extracting(Event::namespace).containsExactly("", "/chat");
      for (Event hello : hellos) {
        assertThat(hello.data().get("pod").asText()).isEqualTo("pod-a");
        assertThat(hello.data().get("generation").asText()).isEqualTo("g1");
        String connect = hello.namespace().isEmpty() ? "40{" : "40/chat,";
        assertThat(List.copyOf(client.wire().messages()).subList(0, hello.at()))
            .anyMatch(message -> message.startsWith(connect));
      }
    }
  }

  @Test
  void connect_awareInAnotherNamespaceOnly_isGreetedThereAlone() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod, "/chat")) {
      client.ready(pod, "/chat", "chatter"); // nothing more is on its way

      assertThat(client.events("drain:hello"))
          .extracting(Event::namespace)
          .containsExactly("/chat");
    }
  }

  @Test
  void connect_awareOfProtocol3_isGreetedAfterItsConnectAndHinted() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=3&drain=1")) {
      Event hello = client.awaitEvent("drain:hello");
      assertThat(List.copyOf(client.wire().messages()).subList(0, hello.at())).contains("40");

      CompletableFuture<DrainReport> drain = pod.drain();

      assertThat(client.awaitEvent("drain:reconnect").data().get("ticket").asText()).isNotEmpty();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void connect_stock_isNeitherGreetedNorHinted() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      client.ready(pod, "", "stock");

      pod.drained();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(client.wire().messages()).noneMatch(message -> message.contains("drain:"));
    }
  }

  @Test
  void hint_inEachJoinedNamespace_saysWhyHowLongAndWithWhichTicket() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a")
                .policy(policy -> policy.withReconnectUrl("https://other.test"))
                .start();
        ScriptedClient client = ScriptedClient.aware(pod).join("/chat")) {
      client.awaitEvents("drain:hello", 2);

      CompletableFuture<DrainReport> drain = pod.drain();
      List<Event> hints = client.awaitEvents("drain:reconnect", 2).subList(0, 2);

      assertThat(hints).extracting(Event::namespace).containsExactlyInAnyOrder("", "/chat");
      for (Event hint : hints) {
        assertThat(hint.data().get("reason").asText()).isEqualTo("drain");
        assertThat(hint.data().get("graceMs").asLong())
            .isEqualTo(FeedServer.POLICY.hintGrace().toMillis());
        assertThat(hint.data().get("url").asText()).isEqualTo("https://other.test");
        assertThat(hint.ack()).isNotNegative();
      }
      assertThat(hints.get(0).data().get("ticket")).isEqualTo(hints.get(1).data().get("ticket"));
      FeedServer.receipt(drain);
    }
  }

  @Test
  void hint_acknowledged_isNotSaidAgain() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient deaf = ScriptedClient.aware(pod);
        ScriptedClient polite = ScriptedClient.aware(pod).join("/chat")) {
      polite.awaitEvents("drain:hello", 2);
      CompletableFuture<DrainReport> drain = pod.drain();

      Event hint = polite.awaitEvents("drain:reconnect", 2).get(0);
      polite.acknowledge(hint);
      assertThat(deaf.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(polite.end()).isEqualTo(WireSocket.End.FIN);

      assertThat(hint.data().has("url")).isFalse();
      assertThat(polite.events("drain:reconnect")).hasSize(2);
      assertThat(deaf.events("drain:reconnect")).hasSizeGreaterThan(1);
      FeedServer.receipt(drain);
    }
  }

  @Test
  void hint_ofADrainThatIsRecalled_isNotSaidAgain() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      client.awaitEvent("drain:reconnect");

      pod.coordinator().resume();
      client.ready(pod, "", "kept"); // nothing more is on its way
      int said = client.events("drain:reconnect").size();
      Await.staysSo(
          "no hint is said again",
          FeedServer.POLICY.hintGrace(),
          () -> client.events("drain:reconnect").size() == said);
      client.awaitAck("", client.emitForAck("", "\"upload\",\"kept\",1"));

      assertThat(client.events("drain:reconnect")).hasSize(said);
      assertThat(FeedServer.receipt(drain).count(Outcome.KEPT)).isOne();
    }
  }

  @Test
  void landed_isAcknowledgedAfterAllThatCameBefore_andCountsAsLanded() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      pod.server()
          .addEventListener(
              "slow", String.class, (slow, nothing, ack) -> LockSupport.parkNanos(100_000_000));
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect"));

      client.emit("", "\"slow\",\"\"");
      int last = 0;
      for (int number = 0; number < 50; number++) {
        last = client.emitForAck("", "\"upload\",\"mover\"," + number);
      }
      int landed = client.emitForAck("", "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":42}");
      client.awaitAck("", landed);

      assertThat(pod.uploads().count("mover")).isEqualTo(50);
      assertThat(client.acknowledged("", last)).isTrue();
      assertThat(client.wire().ended()).isFalse(); // the client drops the old connection
      client.wire().close();
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.count(Outcome.LANDED)).isOne();
      assertThat(report.landings().count()).isOne();
      assertThat(report.landings().max()).isEqualTo(Duration.ofMillis(42));
    }
  }

  @Test
  void landed_inAnotherNamespace_countsToo() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod, "/chat")) {
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect"));

      client.awaitAck(
          "/chat",
          client.emitForAck("/chat", "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}"));
      client.wire().sendClose();

      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void landed_andStillThere_isClosedAfterItsGraceAndCountsAsLanded() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect"));
      client.awaitAck(
          "", client.emitForAck("", "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}"));

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void landed_malformed_isToldWhatWasExpectedAndDoesNotCount() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      client.awaitEvent("drain:reconnect");

      int text = client.emitForAck("", "\"drain:landed\",\"yes\"");
      int nothing = client.emitForAck("", "\"drain:landed\"");
      int wrong = client.emitForAck("", "\"drain:landed\",{\"pod\":1,\"connectMs\":\"soon\"}");

      int endless =
          client.emitForAck("", "\"drain:landed\",\"\\nERROR " + "x".repeat(10_000) + "\"");

      for (int ack : new int[] {text, nothing, wrong, endless}) {
        String answer =
            client.wire().await("an answer", message -> message.startsWith("43" + ack + "["));
        assertThat(answer).contains("error").contains("expected");
        assertThat(answer).hasSizeLessThan(300).doesNotContain("\\n");
      }
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void hint_withoutReaction_isClosedAsAStockClientAfterItsGrace() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      FeedSession session = client.feed(pod, "", "deaf");
      CompletableFuture<DrainReport> drain = pod.drain();
      client.awaitEvent("drain:reconnect");
      long hinted = System.nanoTime();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);

      Duration between = Duration.ofNanos(client.wire().endedAt() - hinted);
      Duration grace = FeedServer.POLICY.hintGrace();
      assertThat(between).isBetween(grace.minusMillis(150), grace.plusSeconds(1));
      assertThat(client.numbers(session)).hasSizeGreaterThanOrEqualTo(session.owed());
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void hint_acknowledgedAndNothingMore_isClosedAfterItsGraceAndTheSecondForLanded()
      throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect"));
      long heard = System.nanoTime();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);

      Duration between = Duration.ofNanos(client.wire().endedAt() - heard);
      Duration count = FeedServer.POLICY.hintGrace().plusSeconds(1);
      assertThat(between).isBetween(count.minusMillis(150), count.plusSeconds(1));
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void hint_toAPoller_comesWithItsPollAndCountsAsLanded() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
      CompletableFuture<DrainReport> drain = pod.drain();
      while (poller.packets().stream().noneMatch(packet -> packet.contains("drain:reconnect"))) {
        poller.poll();
      }

      poller.post("429[\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}]");
      while (poller.packets().stream().noneMatch("439[]"::equals)) {
        poller.poll();
      }
      poller.post("41");

      assertThat(poller.packets()).anyMatch(packet -> packet.contains("drain:hello"));
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void shed_aware_isHintedWithThatReason() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      client.awaitEvent("drain:hello");

      assertThat(pod.coordinator().shed(1)).isOne();

      assertThat(client.awaitEvent("drain:reconnect").data().get("reason").asText())
          .isEqualTo("shed");
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(pod.coordinator().phase()).isEqualTo(DrainPhase.SERVING);
    }
  }
}
