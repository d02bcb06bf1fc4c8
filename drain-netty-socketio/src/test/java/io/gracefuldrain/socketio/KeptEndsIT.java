package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.AuthTokenResult;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.Transport;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Goodbye;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.handover.HandOver;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What begins and what ends the wait of a session for another pod. */
class KeptEndsIT extends KeptSetup {
  @Test
  void stoppedServer_doesNotWaitForItsMailboxes() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    letGo(client);

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(pod.server()::stop);

    Await.until("the stop", Await.SOON.multipliedBy(3), stopped::isDone);
    session.send(1);
    assertThat(refusal(client)).isNotNull();
  }

  @Test
  void detachedServer_endsWhatItKeeps() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    letGo(client);

    pod.adapter().detach();

    Await.until("the end", () -> !session.open());
    assertThat(refusal(client)).isNotNull();
    nothingIsLeft(session.client());
  }

  @Test
  void recalledDrain_keepsTheSession_andThisPodTakesItItself() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    letGo(client);
    session.send(3);

    pod.coordinator().resume();
    pod.awaitPhase(DrainPhase.SERVING);
    session.send(3);

    HandOver own = HandOver.of(pod.coordinator());
    HandOver.Prepared prepared =
        own.prepare(own.token(client.session().toString()), HandOverCodec.question(NextPod.NO_AUTH))
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    Mail mail =
        HandOverCodec.readParcel(prepared.take().toCompletableFuture().get(10, TimeUnit.SECONDS))
            .mail();
    byte[] unused = prepared.landed().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(unused).isEmpty();
    assertThat(NextPod.numbers(mail)).isEqualTo(range(0, 6));
    Await.until("the end", () -> !session.open());
    nothingIsLeft(session.client());
  }

  @Test
  void shedSession_isKept_asInADrain() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "shed");

    var unused = pod.coordinator().shed(1);
    client.end();
    session.send(3);

    assertThat(NextPod.numbers(take(client))).isEqualTo(range(0, 3));
    Await.until("the end", () -> !session.open());
  }

  @Test
  void force_endsAClientThatHasNotShownThatItHasReadAll() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "silent");
    client.wire().lingers();
    CompletableFuture<DrainReport> drain = pod.drain();
    client.end();

    pod.hurry();

    Await.until("the end", () -> !session.open());
    DrainReport report = FeedServer.receipt(drain);
    assertThat(report.count(Outcome.FORCED)).as(report.toText()).isOne();
    nothingIsLeft(session.client());
  }

  @Test
  void eventThatWaitsForAnAcknowledgement_goesAlongWithItsNumber_andTimesOutHere()
      throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "asked");
    AtomicReference<String> outcome = new AtomicReference<>("none");
    var unused = pod.drain();
    client.end();
    session
        .client()
        .sendEvent(
            "question",
            new AckCallback<>(String.class) {
              @Override
              public void onSuccess(String result) {
                outcome.set("answered");
              }

              @Override
              public void onTimeout() {
                outcome.set("timeout");
              }
            });
    NextPod.awaitOffer(pod, client.session());
    long next = NextPod.state(pod, client.session()).nextAck();

    Mail mail = take(client);

    assertThat(mail.missed()).hasSize(1);
    assertThat(mail.missed().get(0).text()).matches("42\\d+\\[\"question\"]");
    long number = Long.parseLong(mail.missed().get(0).text().replaceAll("\\D", "").substring(2));
    assertThat(number).isLessThan(next);
    Await.until("its end", () -> !outcome.get().equals("none"));
    assertThat(outcome).hasValue("timeout");
  }

  @Test
  void eventThatCannotBeWritten_isLeftOut_asWithoutAHandOver() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "kept");
    var unused = pod.drain();
    client.end();
    session.send(1);
    session.client().sendEvent("broken", new Broken());
    session.send(1);

    assertThat(take(client).missed())
        .extracting(WirePacket::text)
        .hasSize(2)
        .allMatch(text -> text.contains("feed"));
  }

  /** The application's JSON fails for it: it contains itself. */
  public static final class Broken {
    public Broken getValue() {
      return this;
    }
  }

  @Test
  void dataThatCannotBeWritten_isARefusal_andNotAFailure() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    pod.adapter().handOver("broken", Broken.class);
    FeedSession session = client.ready(pod, "", "kept");
    session.client().set("broken", new Broken());
    var unused = pod.drain();
    client.end();

    Await.until("a refusal", () -> "data".equals(refusal(client)));
    session.client().set("broken", new byte[] {1});
    assertThat(refusal(client)).isEqualTo("data");
    session.client().set("broken", "whole");
    assertThat(NextPod.state(pod, client.session()).data())
        .isEqualTo(Map.of("broken", "\"whole\""));
  }

  @Test
  void awareClientThatHasLanded_isNotKept() throws Exception {
    ScriptedClient client = opened(ScriptedClient.aware(pod));
    FeedSession session = client.ready(pod, "", "mover");
    List<Optional<String>> ends = new CopyOnWriteArrayList<>();
    pod.server().addDisconnectListener(gone -> ends.add(pod.adapter().movedTo(gone)));
    CompletableFuture<DrainReport> drain = pod.drain();
    client.acknowledge(client.awaitEvent("drain:reconnect"));
    client.awaitAck(
        "", client.emitForAck("", "\"drain:landed\",{\"pod\":\"pod-c\",\"connectMs\":7}"));

    assertThat(client.end()).isEqualTo(WireSocket.End.FIN);

    Await.until("the end", () -> !session.open());
    assertThat(ends).containsExactly(Optional.of("pod-c"));
    assertThat(refusal(client)).isNotNull();
    assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
  }

  @Test
  void awareClientThatDoesNotMove_isKept() throws Exception {
    ScriptedClient client = opened(ScriptedClient.aware(pod));
    FeedSession session = client.ready(pod, "", "sleeper");
    CompletableFuture<DrainReport> drain = pod.drain();
    client.awaitEvent("drain:reconnect");

    assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
    session.send(2);

    Mail mail = take(client);
    assertThat(NextPod.numbers(mail)).isEqualTo(range(0, 2));
    assertThat(mail.missed()).noneMatch(packet -> packet.text().contains("drain:"));
    assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
  }

  @Test
  void clientThatHasUpgraded_isKept() throws Exception {
    ScriptedPoller poller = ScriptedPoller.join(pod);
    FeedSession session = poller.ready("upgraded");
    try (WireSocket wire = UpgradeIT.probed(pod, poller)) {
      wire.send("5");
      Await.until("the upgrade", () -> session.transport() == Transport.WEBSOCKET);
      session.send(5);
      CompletableFuture<DrainReport> drain = pod.drain();
      assertThat(wire.end(Await.SOON)).isEqualTo(WireSocket.End.FIN);
      session.send(5);

      List<Integer> all = new ArrayList<>(UpgradeIT.numbers(poller, wire));
      all.addAll(NextPod.numbers(NextPod.take(pod, poller.session())));
      assertThat(all).isEqualTo(range(0, 10));
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void applicationThatAllowsOneSessionAUser_leavesTheKeptOneAlone() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    FeedSession session = client.ready(pod, "", "older");
    letGo(client);

    endOlder(pod, client.session()); // docs/patterns.md
    session.send(1);

    assertThat(take(client).missed()).hasSize(1);
    Await.until("the end", () -> pod.server().getClient(client.session()) == null);
  }

  private static void endOlder(FeedServer pod, UUID session) {
    SocketIOClient older = pod.server().getClient(session);
    if (older != null && !pod.adapter().moving(older)) {
      older.disconnect();
    }
  }

  @Test
  void goodbyeByACloseFrame_isAnsweredByTheClient_andTheSessionIsKept() throws Exception {
    ScriptedClient client = opened(ScriptedClient.stock(pod));
    pod.adapter().goodbye(handshake -> Goodbye.CLOSE);
    client.ready(pod, "", "closed");
    client.wire().lingers();
    var unused = pod.drain();
    assertThat(client.end()).isEqualTo(WireSocket.End.CLOSE_FRAME);
    client.wire().sendClose();
    client.wire().close();

    NextPod.awaitOffer(pod, client.session());
  }

  @Test
  void clientThatClosesByItself_beforeOurEnd_isNotKept() throws Exception {
    Socket socket = opened(new Socket());
    socket.setReceiveBufferSize(4096);
    WireSocket wire = WireSocket.openUnread(socket, pod.port(), "EIO=4");
    wire.send("40");
    wire.send("42[\"ready\",\"closer\",\"" + FeedServer.QUIET + "\"]");
    Await.until("the session", () -> pod.sessions().stream().anyMatch(FeedSession::open));
    FeedSession session = pod.sessions().iterator().next();
    for (int i = 0; i < 40; i++) { // so much that our end does not go out
      session.client().sendEvent("padding", "x".repeat(400_000));
    }
    CompletableFuture<DrainReport> drain = pod.drain();
    Await.until("its seal", () -> pod.adapter().moving(session.client()));

    wire.sendClose();

    Await.until("the end", Duration.ofSeconds(5), () -> !session.open());
    pod.hurry();
    DrainReport report = drain.get(20, TimeUnit.SECONDS);
    assertThat(report.remaining()).isZero();
    assertThat(NextPod.refusal(pod, session.client().getSessionId())).isNotNull();
  }

  @Test
  void namespaceThatHasRefusedTheClient_isNeitherToldNorHandedOver() throws Exception {
    pod.server()
        .addNamespace("/secret")
        .addAuthTokenListener((token, client) -> new AuthTokenResult(false, Map.of("no", "no")));
    try (ScriptedClient client = ScriptedClient.stock(pod)) {
      client.wire().send("40/secret,{\"token\":\"bad\"}");
      client.wire().await("the refusal", message -> message.startsWith("44/secret"));

      var unused = pod.drain();
      client.end();
      pod.server().getNamespace("/secret").getBroadcastOperations().sendEvent("said", "secret");
      pod.server().getBroadcastOperations().sendEvent("said", "hello");
      NextPod.awaitOffer(pod, client.session());

      assertThat(client.events("drain:at"))
          .extracting(ScriptedClient.Event::namespace)
          .containsExactly("");
      HandedState state = NextPod.state(pod, client.session());
      assertThat(state.rooms()).containsOnlyKeys("");
      assertThat(state.identities()).containsOnlyKeys("");
      assertThat(take(client).missed()).containsExactly(WirePacket.of("42[\"said\",\"hello\"]"));
    }
  }

  @Test
  void clientThatTheMainNamespaceHasRefused_isNotKept() throws Exception {
    pod.server()
        .getNamespace("")
        .addAuthTokenListener((token, client) -> new AuthTokenResult(false, Map.of("no", "no")));
    try (ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40{\"token\":\"bad\"}");
      client.wire().await("the refusal", message -> message.startsWith("44"));

      CompletableFuture<DrainReport> drain = pod.drain();
      client.end();

      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
      assertThat(client.wire().messages()).noneMatch(message -> message.contains("drain:"));
      assertThat(refusal(client)).isNotNull();
    }
  }
}
