package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSession;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.handover.HandOver;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session over a WebSocket that was let go, and waits for another pod. */
class KeptWebSocketIT extends KeptSetup {
  @Test
  void letGo_whatWasSentBeforeIsOnTheWire_andAllThatComesAfterIsInTheMail() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    session.send(20);

    CompletableFuture<DrainReport> drain = pod.drain();
    assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
    session.send(30);
    Mail mail = take(client);

    List<Integer> all = new ArrayList<>(client.numbers(session));
    assertThat(all).hasSize(20);
    all.addAll(NextPod.numbers(mail));
    assertThat(all).isEqualTo(range(0, 50));
    assertThat(mail.missed()).hasSizeGreaterThanOrEqualTo(30);
    DrainReport report = FeedServer.receipt(drain);
    assertThat(report.count(Outcome.LANDED)).as(report.toText()).isOne();
  }

  @Test
  void letGo_theLastThingThatTheClientHears_saysWhereItsSessionIs() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod).join("/chat"));
    var unused = pod.drain();
    client.end();

    List<ScriptedClient.Event> at = client.events("drain:at");
    assertThat(at)
        .extracting(ScriptedClient.Event::namespace)
        .containsExactlyInAnyOrder("", "/chat");
    assertThat(at).extracting(ScriptedClient.Event::data).doesNotContainNull();
    List<String> messages = client.wire().messages();
    assertThat(messages.subList(messages.size() - 2, messages.size()))
        .allMatch(message -> message.contains("drain:at"));
    String token = at.get(0).data().asText();
    assertThat(at.get(1).data().asText()).isEqualTo(token);
    assertThat(HandOver.of(pod.coordinator()).valid(token)).isTrue();
  }

  @Test
  void kept_theApplicationSeesItsEndWhenItIsTaken_andWhoHasIt() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    session.client().joinRoom("blue");
    List<Optional<String>> ends = new CopyOnWriteArrayList<>();
    pod.server().addDisconnectListener(gone -> ends.add(pod.adapter().movedTo(gone)));

    letGo(client);

    assertThat(ends).isEmpty();
    assertThat(session.open()).isTrue();
    assertThat(session.client().isChannelOpen()).isTrue();
    assertThat(pod.adapter().moving(session.client())).isTrue();
    pod.server().getRoomOperations("blue").sendEvent("said", "blue");
    Mail mail = take(client);

    assertThat(mail.missed()).contains(WirePacket.of("42[\"said\",\"blue\"]"));
    Await.until("the end", () -> !ends.isEmpty());
    assertThat(ends).containsExactly(Optional.of(NextPod.NAME));
    assertThat(session.open()).isFalse();
    FeedServer.receipt(drain);
    nothingIsLeft(session.client());
  }

  @Test
  void kept_neverTaken_endsAtTheEndOfTheSettleGrace() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    List<String> ends = new CopyOnWriteArrayList<>();
    pod.server().addDisconnectListener(gone -> ends.add("end"));

    letGo(client);
    pod.hurry();

    DrainReport report = FeedServer.receipt(drain);
    assertThat(report.count(Outcome.CLOSED)).as(report.toText()).isOne();
    Await.until("the end", () -> !ends.isEmpty());
    assertThat(ends).containsExactly("end");
    assertThat(refusal(client)).isIn("expired", "unknown");
    nothingIsLeft(session.client());
  }

  @Test
  void clientThatResets_isNotKept() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "reset");
    client.wire().lingers();

    CompletableFuture<DrainReport> drain = pod.drain();
    client.end();
    assertThat(session.open()).isTrue();
    client.wire().reset();

    endsWithout(session, drain);
  }

  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true") // it waits three seconds
  void clientThatNeverCloses_isNotKept() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "stalled");
    client.wire().lingers();

    CompletableFuture<DrainReport> drain = pod.drain();
    client.end();

    endsWithout(session, drain);
  }

  @Test
  void clientThatLeaves_isHeard_andNotKept() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "left");
    client.wire().lingers();
    List<String> ends = new CopyOnWriteArrayList<>();
    pod.server().addDisconnectListener(gone -> ends.add("end"));

    CompletableFuture<DrainReport> drain = pod.drain();
    client.end();
    client.wire().send("41");
    Await.until("the end", () -> !ends.isEmpty());
    client.wire().close();

    endsWithout(session, drain);
    assertThat(ends).containsExactly("end");
  }

  @Test
  void clientThatLeavesOneNamespace_isKeptInTheOther() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod).join("/chat"));
    client.wire().lingers();

    var unused = pod.drain();
    client.end();
    client.wire().send("41/chat,");
    Await.until(
        "the end in /chat", () -> pod.server().getNamespace("/chat").getAllClients().isEmpty());
    client.wire().close();

    NextPod.awaitOffer(pod, client.session());
    assertThat(NextPod.state(pod, client.session()).rooms()).containsOnlyKeys("");
  }

  @Test
  void lateInput_eventsGoAlong_acknowledgementsAreHeardHere() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "sender");
    client.wire().lingers();
    List<String> heard = new CopyOnWriteArrayList<>();
    session
        .client()
        .sendEvent(
            "asked",
            new AckCallback<>(String.class) {
              @Override
              public void onSuccess(String result) {
                heard.add(result);
              }
            });
    long number = client.awaitEvent("asked").ack();

    var unused = pod.drain();
    client.end();
    client.wire().send("42[\"upload\",\"late\",0]");
    client.wire().send("427[\"upload\",\"late\",1]"); // asks for an acknowledgement
    client.wire().send("3");
    client.wire().send("40/chat,");
    client.wire().send("nonsense");
    client.wire().send("43" + number + "[\"yes\"]");
    client
        .wire()
        .send(
            "452-[\"upload\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
    client.wire().sendBinary((byte) 1, (byte) 2);
    client.wire().sendBinary();
    client.wire().send("42/chat,[\"upload\",\"late\",2]");
    Await.until("the acknowledgement", () -> !heard.isEmpty());
    client.wire().close();

    Mail mail = take(client);
    assertThat(heard).containsExactly("yes");
    assertThat(mail.upstream())
        .extracting(WirePacket::text)
        .containsExactly(
            "42[\"upload\",\"late\",0]",
            "452-[\"upload\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
            "42/chat,[\"upload\",\"late\",2]");
    assertThat(mail.upstream().get(1).attachments())
        .containsExactly(new byte[] {1, 2}, new byte[0]);
    assertThat(pod.uploads().has("late", 0)).isFalse();
  }

  @Test
  void lateInput_ofAClientThatNeverComesBack_isHeardHereAtTheEnd() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod).join("/chat"));
    client.ready(pod, "", "gone");
    client.wire().lingers();
    List<String> heard = new CopyOnWriteArrayList<>();
    pod.server()
        .addEventListener("bytes", byte[].class, (it, bytes, ack) -> heard.add("" + bytes.length));
    pod.server().addDisconnectListener(gone -> heard.add("end"));
    drain = pod.drain();
    client.end();
    client.wire().send("42[\"upload\",\"gone\",0]");
    client.wire().send("427[\"upload\",\"gone\",1]"); // asks for an acknowledgement
    client.wire().send("451-[\"bytes\",{\"_placeholder\":true,\"num\":0}]");
    client.wire().sendBinary((byte) 1, (byte) 2);
    client.wire().send("42/chat,[\"upload\",\"gone\",2]");
    client.wire().close();
    NextPod.awaitOffer(pod, client.session());

    assertThat(pod.uploads().has("gone", 0)).isFalse();
    pod.hurry();

    DrainReport report = FeedServer.receipt(drain);
    assertThat(report.handedOver().refused()).containsEntry("late_ack", 1L);
    Await.until("the end", () -> heard.contains("end"));
    assertThat(heard).containsExactly("2", "end");
    assertThat(pod.uploads().has("gone", 0)).isTrue();
    assertThat(pod.uploads().has("gone", 1)).isFalse();
    assertThat(pod.uploads().has("gone", 2)).isTrue();
  }

  @Test
  void lateInput_packetWhoseFirstPartCameBefore_goesAlongWhole() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod).join("/chat"));
    client.ready(pod, "", "half");
    client.wire().lingers();
    String text =
        "452-/chat,[\"picture\",{\"_placeholder\":true,\"num\":0},"
            + "{\"_placeholder\":true,\"num\":1}]";
    client.wire().send(text);
    client.wire().sendBinary((byte) 1, (byte) 2, (byte) 3, (byte) 4);
    Await.until(
        "the first part",
        () -> {
          var begun = head(pod, client).getLastBinaryPacket();
          return begun != null && begun.getAttachments().size() == 1;
        });

    var unused = pod.drain();
    client.end();
    client.wire().sendBinary((byte) 5);
    client.wire().send("42[\"after\"]");
    client.wire().close();

    Mail mail = take(client);
    assertThat(mail.upstream()).extracting(WirePacket::text).containsExactly(text, "42[\"after\"]");
    assertThat(mail.upstream().get(0).attachments())
        .containsExactly(new byte[] {1, 2, 3, 4}, new byte[] {5});
  }

  private static com.corundumstudio.socketio.handler.ClientHead head(
      FeedServer pod, ScriptedClient client) {
    return ((com.corundumstudio.socketio.transport.NamespaceClient)
            pod.server().getClient(client.session()))
        .getBaseClient();
  }

  @Test
  void binaryBroadcastInTheMainNamespace_isWholeInEachMail() throws Exception {
    ScriptedClient one = opened(ScriptedClient.stock(pod));
    ScriptedClient two = opened(ScriptedClient.stock(pod));
    ScriptedClient three = opened(ScriptedClient.stock(pod));
    List<ScriptedClient> clients = List.of(one, two, three);
    var unused = pod.drain();
    for (ScriptedClient client : clients) {
      client.end();
    }

    for (int i = 0; i < 3; i++) {
      pod.server()
          .getBroadcastOperations()
          .sendEvent("bytes", new byte[] {1, (byte) i}, "and", new byte[] {2});
    }

    for (ScriptedClient client : clients) {
      List<WirePacket> missed = take(client).missed();
      assertThat(missed).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertThat(missed.get(i).text()).startsWith("452-[\"bytes\",").contains("\"and\"");
        assertThat(missed.get(i).attachments())
            .containsExactly(new byte[] {1, (byte) i}, new byte[] {2});
      }
    }
  }

  @Test
  void slowReader_getsAllThatWasSentBefore_andTheRestIsInItsMail() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "slow");
    client.wire().readsSlowly(() -> session.client().sendEvent("large", "x".repeat(200_000)));
    session.send(5);

    CompletableFuture<DrainReport> drain = pod.drain();
    Await.until("its seal", () -> pod.adapter().moving(session.client()));
    session.send(5);

    Mail mail = take(client);
    List<Integer> all = new ArrayList<>(client.numbers(session));
    all.addAll(NextPod.numbers(mail));
    assertThat(all).isEqualTo(range(0, 10));
    FeedServer.receipt(drain);
  }

  @Test
  void clientOfProtocol3_isNeverKept() throws Exception {
    WireSocket wire = opened(WireSocket.open(pod.port(), "EIO=3"));
    wire.await("CONNECT", message -> message.startsWith("40"));
    Await.until("the client", () -> !pod.server().getAllClients().isEmpty());
    SocketIOClient client = pod.server().getAllClients().iterator().next();

    CompletableFuture<DrainReport> drain = pod.drain();
    wire.end(Await.SOON);

    Await.until("the end", () -> pod.server().getAllClients().isEmpty());
    assertThat(NextPod.refusal(pod, client.getSessionId())).isNotNull();
    assertThat(wire.messages()).noneMatch(message -> message.contains("drain:"));
    assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
  }

  @Test
  void moreThanMayBeKept_endsTheSessionForTheApplicationAtOnce() throws Exception {
    startAnew(policy -> policy.withHandoverSessionBytes(4 * KeptSession.PACKET_BYTES - 1));
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "many");
    letGo(client);

    session.send(3);
    assertThat(refusal(client)).isNull();
    session.send(1);

    endsWithout(session, drain);
  }

  /** Of text or not: if something of the client is missing, it must not hear that nothing is. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lateInput_largerThanMayBeKept_isNoSession(boolean binary) throws Exception {
    startAnew(policy -> policy.withHandoverSessionBytes(2_000));
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "large");
    client.wire().lingers();
    drain = pod.drain();
    client.end();
    if (binary) {
      client.wire().send("451-[\"picture\",{\"_placeholder\":true,\"num\":0}]");
      client.wire().sendBinary(new byte[3_000]);
    } else {
      client.wire().send("42[\"upload\",\"" + "x".repeat(3_000) + "\",0]");
    }
    client.wire().close();

    endsWithout(session, drain);
    assertThat(FeedServer.receipt(drain).handedOver().refused()).containsEntry("too_big", 1L);
  }

  @Test
  void busyFeed_ofEightClientsThatAreAwayForSeconds_isHandedOverWhole() throws Exception {
    List<ScriptedClient> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(opened(ScriptedClient.stock(pod)));
    }
    drain = pod.drain();
    for (ScriptedClient client : clients) {
      client.end();
    }

    String text = "x".repeat(200);
    for (int i = 0; i < 5 * 250; i++) { // five seconds of it
      pod.server().getBroadcastOperations().sendEvent("price", i, text);
    }

    for (ScriptedClient client : clients) {
      assertThat(take(client).missed()).hasSizeGreaterThanOrEqualTo(5 * 250);
    }
    assertThat(FeedServer.receipt(drain).handedOver().refused()).doesNotContainKey("too_big");
  }

  @Test
  void applicationThatDisconnectsTheClient_endsItForGood() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kicked");
    letGo(client);

    session.client().disconnect();

    endsWithout(session, drain);
  }

  @Test
  void whoeverIsSomebodyElse_getsNothing_andTheClientStillGetsAll() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    var unused = pod.drain();
    client.end();
    session.send(1);
    NextPod.awaitOffer(pod, client.session());

    for (Map<String, byte[]> question :
        List.<Map<String, byte[]>>of(
            Map.of(),
            Map.of("", new byte[32]),
            Map.of("/chat", new byte[0]),
            Map.of("", new byte[0], "/chat", new byte[0]))) {
      assertThat(
              Assertions.catchThrowableOfType(
                      HandOverRefusal.class, () -> NextPod.state(pod, client.session(), question))
                  .reason())
          .isEqualTo("identity");
    }
    assertThat(session.open()).isTrue();
    assertThat(take(client).missed()).hasSize(1);
  }

  @Test
  void state_hasRoomsDataAndNumbers() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod).join("/chat"));
    pod.adapter().handOver("user", Map.class).handOver("never set", String.class);
    FeedSession session = client.ready(pod, "", "kept");
    session.client().joinRoom("a");
    session.client().set("user", Map.of("name", "x"));
    session.client().set("not carried", "y");
    pod.server().getNamespace("/chat").getClient(client.session()).joinRooms(Set.of("b", "c"));
    session.client().sendEvent("asked", new Unheard());
    long used = client.awaitEvent("asked").ack();

    letGo(client);

    HandedState state = NextPod.state(pod, client.session());
    assertThat(state.session()).isEqualTo(client.session());
    assertThat(state.rooms()).isEqualTo(Map.of("", Set.of("a"), "/chat", Set.of("b", "c")));
    assertThat(state.data()).isEqualTo(Map.of("user", "{\"name\":\"x\"}"));
    assertThat(state.nextAck()).isGreaterThan(used);
    assertThat(state.identities()).containsOnlyKeys("", "/chat");
    assertThat(client.wire().messages())
        .anyMatch(message -> message.startsWith("40{") && message.contains(state.pid()));
  }

  private static final class Unheard extends AckCallback<String> {
    Unheard() {
      super(String.class);
    }

    @Override
    public void onSuccess(String result) {}
  }
}
