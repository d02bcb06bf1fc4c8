package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AuthTokenResult;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A connection is one session, however many namespaces it has joined. */
class NamespaceIT {
  @Test
  void letGo_clientOnlyInAnotherNamespace_getsEverythingAndCountsOnce() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4").join("/chat")) {
      FeedSession chat = client.ready(pod, "/chat", "chatter");
      LastWords lastWords = new LastWords(pod);

      lastWords.prepare();
      DrainReport report = pod.drained();

      lastWords.allSaid();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      client.gotAllOf(chat);
      assertThat(chat.owed()).isEqualTo(LastWords.TO_A_WEBSOCKET);
      assertThat(report.tracked()).isOne();
      assertThat(report.count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_clientInSeveralNamespaces_getsAllOfEachAndCountsOnce() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod).join("/chat")) {
      FeedSession main = client.ready(pod, "", "both");
      FeedSession chat = client.ready(pod, "/chat", "both");
      LastWords lastWords = new LastWords(pod);

      lastWords.prepare();
      DrainReport report = pod.drained();

      lastWords.allSaid();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      client.gotAllOf(main);
      client.gotAllOf(chat);
      assertThat(report.tracked()).isOne();
      assertThat(report.count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void drain_namespaceAddedAfterStart_isHintedAndItsWorkIsWaitedFor() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient early = ScriptedClient.aware(pod)) {
      early.awaitEvent("drain:hello");
      pod.serve(pod.server().addNamespace("/late"));
      early.join("/late");
      try (ScriptedClient client = ScriptedClient.aware(pod, "/late")) {
        assertThat(client.awaitEvent("drain:hello").namespace()).isEqualTo("/late");
        assertThat(early.awaitEvents("drain:hello", 2).get(1).namespace()).isEqualTo("/late");
        int order = client.emitForAck("/late", "\"order\",1500");
        pod.awaitWork();

        CompletableFuture<DrainReport> drain = pod.drain();

        assertThat(client.awaitEvent("drain:reconnect").namespace()).isEqualTo("/late");
        assertThat(early.awaitEvents("drain:reconnect", 2))
            .extracting(ScriptedClient.Event::namespace)
            .contains("", "/late");
        assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
        assertThat(client.acknowledged("/late", order)).isTrue();
        DrainReport report = FeedServer.receipt(drain);
        assertThat(report.count(Outcome.CLOSED)).isEqualTo(2);
        assertThat(report.workAbandoned()).isZero();
      }
    }
  }

  @Test
  void join_overAConnectionThatHasLeftItsLastNamespace_isTheSameRecord() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      client.awaitEvent("drain:hello");
      client.wire().send("41");
      Await.until("out", () -> pod.server().getAllClients().isEmpty());
      assertThat(pod.coordinator().report().connections()).isOne();

      client.wire().send("40");

      client.awaitEvents("drain:hello", 2);
      assertThat(pod.coordinator().report().connections()).isOne();
      CompletableFuture<DrainReport> drain = pod.drain();
      client.awaitEvent("drain:reconnect");
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.tracked()).isOne();
      assertThat(report.count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void refusal_byANamespace_isNeitherGreetedNorHinted() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      pod.server()
          .addNamespace("/secret")
          .addAuthTokenListener((token, client) -> new AuthTokenResult(false, Map.of("no", "no")));
      try (ScriptedClient client = ScriptedClient.aware(pod)) {
        client.awaitEvent("drain:hello");
        client.wire().send("40/secret,{\"token\":\"bad\"}");
        client.wire().await("the refusal", message -> message.startsWith("44/secret"));

        CompletableFuture<DrainReport> drain = pod.drain();

        client.awaitEvent("drain:reconnect");
        assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
        assertThat(client.wire().messages())
            .filteredOn(message -> message.contains("/secret"))
            .singleElement()
            .asString()
            .startsWith("44");
        assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
      }
    }
  }

  @Test
  void refusal_byTheMainNamespace_tellsNothingOfTheMoveEither() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      pod.server()
          .getNamespace("")
          .addAuthTokenListener((token, client) -> new AuthTokenResult(false, Map.of("no", "no")));
      try (ScriptedClient client = ScriptedClient.connect(pod, "EIO=4&drain=1")) {
        client.wire().send("40{\"token\":\"bad\"}");
        client.wire().await("the refusal", message -> message.startsWith("44"));
        client.wire().send("420[" + "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}]");

        pod.drained();

        assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
        assertThat(client.wire().messages())
            .noneMatch(message -> message.contains("drain:") || message.contains("pod-"))
            .noneMatch(message -> message.startsWith("43"));
      }
    }
  }
}
