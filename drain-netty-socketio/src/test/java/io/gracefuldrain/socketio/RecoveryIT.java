package io.gracefuldrain.socketio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.AuthTokenResult;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.KeptSession;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client that was let go elsewhere brings the token of its session along. */
class RecoveryIT {
  private static final String PID = "drain_pid-of-the-old-pod";

  private final OldPod old = new OldPod();

  private FeedServer pod() {
    return FeedServer.named("pod-b").handOver(old).start();
  }

  private static Mail missed(String... packets) {
    List<WirePacket> missed = List.of(packets).stream().map(WirePacket::of).toList();
    return new Mail(missed, missed.size(), List.of());
  }

  private static String connect(String more) {
    return "{\"pid\":\"" + PID + "\"" + more + "}";
  }

  /** What came, but for the protocol's own: the handshake, pings. */
  private static List<String> messages(ScriptedClient client) {
    return client.wire().messages().stream().filter(message -> message.startsWith("4")).toList();
  }

  private static String answer(ScriptedClient client, String namespace, String pid) {
    return "40" + namespace + "{\"sid\":\"" + client.session() + "\",\"pid\":\"" + pid + "\"}";
  }

  private static void broadcast(FeedServer pod, String what) {
    Await.until("it is in the namespace", () -> !pod.server().getAllClients().isEmpty());
    pod.server().getBroadcastOperations().sendEvent(what);
  }

  private static void awaitLast(ScriptedClient client, String event) {
    client.wire().await(event, message -> message.contains('"' + event + '"'));
  }

  /** The state of a session that has joined the namespace of a CONNECT in the same way. */
  private static HandedState joined(FeedServer pod, HandedState state, String connect) {
    return joined(new ServerContext(pod.coordinator(), true), state, connect);
  }

  private static HandedState joined(ServerContext context, HandedState state, String connect) {
    ConnectPacket packet = ConnectPacket.of(connect);
    byte[] identity = Identity.of(context, new HandshakeData(), packet);
    return new HandedState(
        state.session(),
        state.pid(),
        0,
        Map.of(packet.namespace(), Set.of()),
        Map.of(),
        Map.of(packet.namespace(), identity));
  }

  private void awaitAsked(int times) {
    Await.until("the old pod is asked", () -> old.asked().size() >= times);
  }

  // ---------------------------------------------------------------- without a session to take over

  @Test
  void connect_withoutPid_isAnsweredAtOnceWithATokenOfThisPod() throws Exception {
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      broadcast(pod, "early");
      client.wire().send("40");
      awaitLast(client, "early");

      assertThat(messages(client))
          .containsExactly(answer(client, "", "own." + client.session()), "42[\"early\"]");
      assertThat(old.asked()).isEmpty();
    }
  }

  @Test
  void connect_withAPidThatIsNoToken_isNotDelayed() throws Exception {
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      CompletableFuture<Void> never = old.preparesLate();
      client.wire().send("40{\"pid\":\"drain_nonsense\",\"offset\":\"a [b, c\"}");

      client.wire().await("the answer", answer(client, "", "own." + client.session())::equals);
      assertThat(old.asked()).isEmpty();
      assertThat(never).isNotDone();
    }
  }

  @Test
  void connect_ofProtocol3_isAnsweredAsEver() throws Exception {
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=3")) {
      broadcast(pod, "early");
      awaitLast(client, "early");

      assertThat(messages(client)).containsExactly("40", "42[\"early\"]");
    }
  }

  @Test
  void auth_asTheApplicationSeesIt_hasNeitherPidNorOffset() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (FeedServer on = pod();
        FeedServer off = FeedServer.named("pod-off").start()) {
      for (FeedServer pod : List.of(on, off)) {
        pod.server()
            .getNamespace("/chat")
            .addAuthTokenListener(
                (token, client) -> {
                  seen.add(token);
                  return AuthTokenResult.AuthTokenResultSuccess;
                });
        try (ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
          client
              .wire()
              .send("40/chat,{\"pid\":\"drain_x\",\"offset\":\"is it [a, b]?\",\"user\":\"u\"}");
          client.wire().await("let in", message -> message.startsWith("40/chat,"));
        }
      }
    }
    assertThat(seen).containsExactly(Map.of("user", "u"), Map.of("user", "u"));
  }

  // ---------------------------------------------------------------- a session that is taken over

  @Test
  void connect_withTheTokenOfAKeptSession_isRecoveredInOrder() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]", "42[\"m2\"]"));
    old.changes(
        PID,
        state ->
            new HandedState(
                state.session(),
                state.pid(),
                7,
                Map.of("", Set.of("red", "blue")),
                Map.of("cart", "3", "secret", "4"),
                state.identities()));
    CompletableFuture<Void> prepare = old.preparesLate();
    CompletableFuture<Void> take = old.takesLate();
    List<String> told = new CopyOnWriteArrayList<>();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      pod.adapter()
          .handOver("cart", Integer.class)
          .onRecovered(
              (it, previous) -> {
                told.add(previous + " " + it.get("cart") + " " + it.has("secret"));
                it.sendEvent("welcome");
              });
      client.wire().send("40" + connect(""));
      awaitAsked(1);
      broadcast(pod, "held1");
      prepare.complete(null);
      SocketIOClient joined = pod.server().getClient(client.session());
      Await.until("in its rooms", () -> joined.getAllRooms().containsAll(Set.of("red", "blue")));
      Await.until("taken", () -> old.taken().size() == 1);
      pod.server().getRoomOperations("red").sendEvent("held2");
      assertThat(messages(client)).isEmpty();
      take.complete(null);
      awaitLast(client, "welcome");
      broadcast(pod, "live");
      awaitLast(client, "live");

      assertThat(messages(client))
          .containsExactly(
              answer(client, "", PID),
              "42[\"m1\"]",
              "42[\"m2\"]",
              "42[\"held1\"]",
              "42[\"held2\"]",
              "42[\"welcome\"]",
              "42[\"live\"]");
      assertThat(told).containsExactly(OldPod.SESSION + " 3 false");
      Await.until("landed", () -> old.landed().equals(List.of(PID)));
      assertThat(pod.coordinator().report().workInFlight()).isZero();
    }
  }

  @Test
  void connect_ofSeveralNamespaces_eachFindsItsPart() throws Exception {
    old.keeps(
        PID,
        OldPod.state(PID, "", "/chat"),
        new Mail(
            List.of(WirePacket.of("42/chat,[\"c1\"]"), WirePacket.of("42[\"m1\"]")),
            List.of(
                WirePacket.of("42/chat,[\"upload\",\"up\",1]"),
                WirePacket.of("42[\"upload\",\"up\",2]"))));
    CompletableFuture<Void> prepare = old.preparesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      client.wire().send("40/chat," + connect(""));
      prepare.complete(null);
      awaitLast(client, "c1");

      assertThat(messages(client))
          .containsExactly(
              answer(client, "", PID),
              "42[\"m1\"]",
              answer(client, "/chat,", PID),
              "42/chat,[\"c1\"]");
      assertThat(old.taken()).containsExactly(PID);
      Await.until("landed", () -> old.landed().equals(List.of(PID)));
      assertThat(old.asked()).containsExactly(PID);
      assertThat(pod.uploads().has("up", 1)).isTrue();
      assertThat(pod.uploads().has("up", 2)).isTrue();
    }
  }

  @Test
  void namespaces_ofASession_haveAllJoinedBeforeItIsTaken() throws Exception {
    old.keeps(PID, OldPod.state(PID, "", "/chat"), missed("42[\"m1\"]", "42/chat,[\"c1\"]"));
    old.changes(
        PID,
        state ->
            new HandedState(
                state.session(),
                state.pid(),
                0,
                Map.of("", Set.of(), "/chat", Set.of("red")),
                Map.of(),
                state.identities()));
    CompletableFuture<Void> take = old.takesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      client.wire().send("40/chat," + connect(""));
      Await.until("taken", () -> old.taken().size() == 1);
      pod.server().getNamespace("/chat").getRoomOperations("red").sendEvent("held");
      take.complete(null);
      awaitLast(client, "held");

      assertThat(messages(client))
          .contains(answer(client, "", PID), answer(client, "/chat,", PID))
          .containsSubsequence("42/chat,[\"c1\"]", "42/chat,[\"held\"]");
    }
  }

  @Test
  void namespace_thatComesAfterTheTaking_beginsAnew() throws Exception {
    old.keeps(PID, OldPod.state(PID, "", "/chat"), missed("42[\"m1\"]", "42/chat,[\"c1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      awaitLast(client, "m1");
      client.wire().send("40/chat," + connect(""));
      client.wire().await("new", answer(client, "/chat,", "own." + client.session())::equals);

      assertThat(messages(client)).contains(answer(client, "", PID));
      assertThat(messages(client)).noneMatch(message -> message.contains("\"c1\""));
    }
  }

  @Test
  void namespaces_ofAPoller_joinByOneUploadAfterTheOther() throws Exception {
    old.keeps(
        PID,
        OldPod.state(PID, "", "/chat"),
        new Mail(
            List.of(WirePacket.of("42[\"m1\"]"), WirePacket.of("42/chat,[\"c1\"]")),
            List.of(WirePacket.of("42[\"upload\",\"up\",1]"))));
    try (FeedServer pod = pod()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4");
      assertThat(poller.post("40" + connect("")).body()).isEqualTo("ok");
      assertThat(old.taken()).isEmpty();
      assertThat(poller.post("40/chat," + connect("")).body()).isEqualTo("ok");
      while (poller.packets().size() < 4) {
        poller.poll();
      }
      assertThat(poller.packets().stream().filter(packet -> packet.contains(PID))).hasSize(2);
      assertThat(poller.packets()).contains("42[\"m1\"]", "42/chat,[\"c1\"]");
      assertThat(pod.uploads().has("up", 1)).isTrue();
    }
  }

  @Test
  void connects_withoutEnd_endTheConnection() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed());
    CompletableFuture<Void> prepare = old.preparesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      try {
        for (int i = 0; i < ConnectQueue.MOST + 2; i++) {
          client.wire().send("40/n" + i + "," + connect(""));
        }
      } catch (UncheckedIOException e) {
        // it is closed already
      }
      assertThat(client.end()).isNotNull();
      prepare.complete(null);
      Await.until("no work", () -> pod.coordinator().report().workInFlight() == 0);
    }
  }

  @Test
  void connect_inAPollersUpload_isRecoveredWithMoreThanOnePollTakes() throws Exception {
    List<WirePacket> many = new ArrayList<>();
    IntStream.range(0, 120).forEach(i -> many.add(WirePacket.of("42[\"m\"," + i + "]")));
    old.keeps(PID, OldPod.state(PID, "", "/chat"), new Mail(many, List.of()));
    try (FeedServer pod = pod()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4");
      poller.post(
          "40"
              + connect("")
              + "\u001e40/chat,"
              + connect("")
              + "\u001e42/chat,[\"upload\",\"p\",5]");
      while (poller.packets().size() < 122) {
        poller.poll();
      }
      assertThat(poller.packets().get(0)).contains("\"pid\":\"" + PID + "\"");
      assertThat(poller.packets().subList(1, 121))
          .isEqualTo(many.stream().map(WirePacket::text).toList());
      assertThat(poller.packets().get(121)).startsWith("40/chat,").contains(PID);
      Await.until("the rest of the upload", () -> pod.uploads().has("p", 5));
    }
  }

  // ---------------------------------------------------------------- what fails

  @Test
  void prepare_thatIsRefused_givesANewSession() throws Exception {
    old.keeps(PID, OldPod.state(PID, "/chat"), missed("42[\"m1\"]")); // not in the main namespace
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      broadcast(pod, "held");
      client.wire().send("40" + connect(""));
      awaitLast(client, "held");

      assertThat(messages(client))
          .containsExactly(answer(client, "", "own." + client.session()), "42[\"held\"]");
      assertThat(old.taken()).isEmpty();
    }
  }

  @Test
  void take_thatFails_undoesTheJoining() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    old.changes(
        PID,
        state ->
            new HandedState(
                state.session(),
                state.pid(),
                0,
                Map.of("", Set.of("red")),
                Map.of("cart", "3"),
                state.identities()));
    CompletableFuture<Void> take = old.takesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      pod.adapter().handOver("cart", Integer.class);
      client.wire().send("40" + connect(""));
      Await.until("taken", () -> old.taken().size() == 1);
      SocketIOClient joined = pod.server().getClient(client.session());
      pod.server().getRoomOperations("red").sendEvent("held");
      take.completeExceptionally(new IllegalStateException("lost"));
      awaitLast(client, "held");

      assertThat(messages(client))
          .containsExactly(answer(client, "", "own." + client.session()), "42[\"held\"]");
      assertThat(joined.getAllRooms()).doesNotContain("red");
      assertThat(joined.has("cart")).isFalse();
      Await.until("no work", () -> pod.coordinator().report().workInFlight() == 0);
      assertThat(old.landed()).isEmpty();
    }
  }

  /** The old pod has given it: what it has kept is nowhere else. */
  @Test
  void take_thatIsAnsweredLate_isWaitedFor() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    CompletableFuture<Void> take = old.takesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      Await.until("taken", () -> old.taken().size() == 1);
      broadcast(pod, "held");
      take.completeOnTimeout(null, 4, TimeUnit.SECONDS);
      Await.until(
          "what it has missed",
          Duration.ofSeconds(30),
          () -> messages(client).contains("42[\"m1\"]"));
      awaitLast(client, "held");

      assertThat(messages(client))
          .containsExactly(answer(client, "", PID), "42[\"m1\"]", "42[\"held\"]");
      Await.until("landed", () -> old.landed().equals(List.of(PID)));
    }
  }

  /** Its next pod asks for it. */
  @Test
  void client_thatGoesWhileItsSessionIsTaken_hasNotLanded() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    CompletableFuture<Void> take = old.takesLate();
    try (FeedServer pod = pod()) {
      try (ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
        client.wire().send("40" + connect(""));
        Await.until("taken", () -> old.taken().size() == 1);
      }
      Await.until("gone", () -> pod.server().getAllClients().isEmpty());
      take.complete(null);
      Await.until("no work", () -> pod.coordinator().report().workInFlight() == 0);
      assertThat(old.landed()).isEmpty();
    }
  }

  @Test
  void connect_withATokenThatNobodyHereCanRead_isSaidOnce() throws Exception {
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40{\"pid\":\"drain_other\",\"offset\":\"drain_other-at\"}");
      client.wire().await("the answer", answer(client, "", "own." + client.session())::equals);
      assertThat(old.unreadable()).containsExactly("drain_other");
    }
  }

  /** By either way it is the same session: it is asked for once, and refused once. */
  @Test
  void connect_whosePidAndOffsetNameOneSession_asksOnce() throws Exception {
    String at = "drain_at-of-the-old-pod";
    old.keeps(PID, OldPod.state(PID, "/chat"), missed()); // not in the main namespace
    old.alsoNamed(at, PID);
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(",\"offset\":\"" + at + "\""));
      client.wire().await("the answer", answer(client, "", "own." + client.session())::equals);
      assertThat(old.asked()).hasSize(1);
    }
  }

  @Test
  void application_thatRefuses_takesNothing() throws Exception {
    String connect = "40/chat," + connect(",\"user\":\"u\"");
    old.keeps(PID, OldPod.state(PID), missed("42/chat,[\"m1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      old.changes(PID, state -> joined(pod, state, connect));
      boolean[] open = {false};
      pod.server()
          .getNamespace("/chat")
          .addAuthTokenListener((token, it) -> new AuthTokenResult(open[0], Map.of("no", "no")));
      client.wire().send(connect);
      client.wire().await("the refusal", message -> message.startsWith("44/chat,"));
      assertThat(old.taken()).isEmpty();

      open[0] = true;
      client.wire().send(connect);
      awaitLast(client, "m1");
      assertThat(messages(client)).contains(answer(client, "/chat,", PID));
    }
  }

  @Test
  void drain_whileAConnectWaits_letsTheClientGoOnceItHasEverything() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    CompletableFuture<Void> take = old.takesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      Await.until("taken", () -> old.taken().size() == 1);
      assertThat(String.valueOf(pod.coordinator().report().oldestWork()))
          .contains(HeldConnect.WORK);
      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING);
      take.complete(null);

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(messages(client)).contains(answer(client, "", PID), "42[\"m1\"]");
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void pings_whileAConnectWaits_areAnswered() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    CompletableFuture<Void> prepare = old.preparesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      awaitAsked(1);
      client.wire().send("2probe");
      client.wire().await("a pong", "3probe"::equals);
      assertThat(messages(client)).isEmpty();
      prepare.complete(null);
      awaitLast(client, "m1");
    }
  }

  @Test
  void client_thatGoesWhileItsConnectWaits_leavesNothingBehind() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    CompletableFuture<Void> prepare = old.preparesLate();
    try (FeedServer pod = pod()) {
      try (ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
        client.wire().send("40" + connect(""));
        awaitAsked(1);
      }
      Await.until("gone", () -> pod.server().getAllClients().isEmpty());
      prepare.complete(null);
      Await.until("no work", () -> pod.coordinator().report().workInFlight() == 0);
      assertThat(pod.coordinator().report().connections()).isZero();
      assertThat(old.taken()).isEmpty();
    }
  }

  // ---------------------------------------------------------------- whose session it is

  @Test
  void offset_thatNamesAnothersSession_isPassedOver() throws Exception {
    old.keeps("another", OldPod.state("another", ""), missed("42[\"secret\"]"));
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(",\"offset\":\"another\""));
      awaitLast(client, "m1");

      assertThat(messages(client)).containsExactly(answer(client, "", PID), "42[\"m1\"]");
      assertThat(old.taken()).containsExactly(PID);
    }
  }

  @Test
  void offset_thatThePodOfTheLastMoveGave_findsTheSessionOfThePid() throws Exception {
    old.keeps("at", OldPod.state(PID, "", "/chat"), missed("42[\"m1\"]", "42/chat,[\"c1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(",\"offset\":\"at\""));
      client.wire().send("40/chat," + connect(",\"offset\":\"at\""));
      awaitLast(client, "c1");

      assertThat(messages(client))
          .contains(answer(client, "", PID), answer(client, "/chat,", PID), "42[\"m1\"]");
    }
  }

  @Test
  void user_otherThanBefore_getsANewSession() throws Exception {
    old.keeps(PID, OldPod.state(PID), missed("42[\"m1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient thief = ScriptedClient.connect(pod, "EIO=4");
        ScriptedClient owner = ScriptedClient.connect(pod, "EIO=4")) {
      String connect = "40" + connect(",\"user\":\"owner\",\"at\":12345678901234567890");
      old.changes(PID, state -> joined(pod, state, connect));
      for (String claim :
          List.of(
              connect.replace("owner", "thief"),
              connect.replace("12345678901234567890", "12345678901234567891"),
              "40" + connect(""))) {
        thief.wire().send(claim);
      }
      Await.until(
          "three answers",
          () -> messages(thief).stream().filter(m -> m.startsWith("40")).count() == 3);
      assertThat(messages(thief)).containsOnly(answer(thief, "", "own." + thief.session()));

      owner.wire().send(connect);
      awaitLast(owner, "m1");
      assertThat(old.taken()).containsExactly(PID);
    }
  }

  @Test
  void user_otherThanBeforeInASecondNamespace_doesNotGetItsPart() throws Exception {
    old.keeps(PID, OldPod.state(PID, "", "/chat"), missed("42[\"m1\"]", "42/chat,[\"secret\"]"));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      client.wire().send("40/chat," + connect(",\"user\":\"thief\""));
      client
          .wire()
          .await("the answer", answer(client, "/chat,", "own." + client.session())::equals);

      assertThat(messages(client)).contains("42[\"m1\"]").doesNotContain("42/chat,[\"secret\"]");
    }
  }

  @Test
  void identity_ofTheApplication_decides() throws Exception {
    old.keeps(PID, OldPod.state(PID), missed("42[\"m1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient failing = ScriptedClient.connect(pod, "EIO=4");
        ScriptedClient owner = ScriptedClient.connect(pod, "EIO=4")) {
      pod.adapter()
          .identity(
              (handshake, auth) ->
                  String.valueOf(((Map<?, ?>) Objects.requireNonNull(auth)).get("user")));
      ServerContext context = new ServerContext(pod.coordinator(), true);
      context.start(
          new Configuration(), new OwnJson(new JacksonJsonSupport(), none -> null), head -> {});
      context.choices().identity((handshake, auth) -> "u");
      old.changes(
          PID,
          state -> joined(context, state, "40" + connect(",\"user\":\"u\",\"ticket\":\"old\"")));
      failing.wire().send("40" + connect(""));
      failing.wire().await("new", answer(failing, "", "own." + failing.session())::equals);
      owner.wire().send("40" + connect(",\"ticket\":\"new\",\"user\":\"u\""));
      awaitLast(owner, "m1");
    }
  }

  // ---------------------------------------------------------------- what is sent

  @Test
  void acknowledgements_ofBothPods_haveDifferentNumbers() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("426[\"question of the old pod\"]"));
    old.changes(
        PID,
        state ->
            new HandedState(
                state.session(), state.pid(), 7, state.rooms(), Map.of(), state.identities()));
    List<String> answers = new CopyOnWriteArrayList<>();
    try (FeedServer pod = pod()) {
      pod.server()
          .addConnectListener(client -> client.sendEvent("first", new Noted(answers, "first")));
      try (ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
        client.wire().send("40" + connect(""));
        ScriptedClient.Event first = client.awaitEvent("first");
        pod.server().getClient(client.session()).sendEvent("second", new Noted(answers, "second"));
        ScriptedClient.Event second = client.awaitEvent("second");
        assertThat(second.ack()).isGreaterThan(6);
        client.wire().send("436[]"); // what the old pod has asked
        client.acknowledge(second);
        Await.until("an answer", () -> answers.contains("second"));
        assertThat(first.ack()).isLessThan(7);
        assertThat(answers).containsExactly("second");
      }
    }
  }

  private static final class Noted extends AckCallback<Object> {
    private final List<String> answers;
    private final String name;

    Noted(List<String> answers, String name) {
      super(Object.class);
      this.answers = answers;
      this.name = name;
    }

    @Override
    public void onSuccess(Object result) {
      answers.add(name);
    }
  }

  @Test
  void upstream_ofTheOldPod_isDispatchedBeforeTheAnswer() throws Exception {
    old.keeps(
        PID,
        OldPod.state(PID, ""),
        new Mail(
            List.of(WirePacket.of("42[\"m1\"]")),
            List.of(
                WirePacket.of("42[\"note\",\"a\"]"),
                new WirePacket(
                    "451-[\"blob\",{\"_placeholder\":true,\"num\":0}]",
                    List.of(new byte[] {65, 66})),
                WirePacket.of("42[\"note\",\"c\"]"))));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      pod.server()
          .addEventListener("note", String.class, (it, note, ack) -> it.sendEvent("noted " + note));
      pod.server()
          .addEventListener(
              "blob",
              byte[].class,
              (it, blob, ack) -> it.sendEvent("noted " + new String(blob, US_ASCII)));
      client.wire().send("40" + connect(""));
      awaitLast(client, "noted c");

      assertThat(messages(client))
          .containsExactly(
              answer(client, "", PID),
              "42[\"m1\"]",
              "42[\"noted a\"]",
              "42[\"noted AB\"]",
              "42[\"noted c\"]");
    }
  }

  @Test
  void messages_thatBothPodsSay_comeOnce() throws Exception {
    String x = "42[\"say\",{\"drainId\":\"x\"}]";
    String y = "42[\"say\",{\"drainId\":\"y\"}]";
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"a\"]", x, "42[\"b\"]", y, "42[\"c\"]"));
    CompletableFuture<Void> take = old.takesLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      Await.until("taken", () -> old.taken().size() == 1);
      broadcast(pod, "b");
      pod.server().getBroadcastOperations().sendEvent("say", Map.of("drainId", "x"));
      broadcast(pod, "c");
      broadcast(pod, "d");
      take.complete(null);
      awaitLast(client, "d");
      for (int i = 0; i < 2; i++) { // the second time it is another message
        pod.server().getBroadcastOperations().sendEvent("say", Map.of("drainId", "y"));
      }
      broadcast(pod, "end");
      awaitLast(client, "end");

      assertThat(messages(client).subList(1, messages(client).size()))
          .containsExactly(
              "42[\"a\"]", x, "42[\"b\"]", y, "42[\"c\"]", "42[\"d\"]", y, "42[\"end\"]");
    }
  }

  private static HandedState inRooms(
      HandedState state, Set<String> rooms, Map<String, String> data) {
    return new HandedState(
        state.session(), state.pid(), 0, Map.of("", rooms), data, state.identities());
  }

  @Test
  void lastOfTheOldPod_comesBehindWhatWasSentMeanwhile_onceEach() throws Exception {
    HandedState state = OldPod.state(PID, "");
    old.keeps(PID, state, missed("42[\"m1\"]"));
    CompletableFuture<Parcel> lands = old.landsLate();
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      client.wire().send("40" + connect(""));
      awaitLast(client, "m1");
      broadcast(pod, "both");
      awaitLast(client, "both");
      Await.until("landed", () -> old.landed().equals(List.of(PID)));
      lands.complete(
          new Parcel(state, missed("42[\"direct1\"]", "42[\"both\"]", "42[\"direct2\"]")));
      awaitLast(client, "direct2");
      broadcast(pod, "both");
      broadcast(pod, "end");
      awaitLast(client, "end");

      assertThat(messages(client).subList(1, messages(client).size()))
          .containsExactly(
              "42[\"m1\"]",
              "42[\"both\"]",
              "42[\"direct1\"]",
              "42[\"direct2\"]",
              "42[\"both\"]",
              "42[\"end\"]");
    }
  }

  /** The old pod goes on to change what the session has, and the next one follows. */
  @Test
  void roomsAndData_areThoseOfTheOldPodAtTheTakeAndAtItsEnd() throws Exception {
    old.keeps(PID, inRooms(OldPod.state(PID, ""), Set.of("own", "a", "b"), data("1")), missed());
    old.changesBeforeTheTake(state -> inRooms(state, Set.of("b", "c"), data("2")));
    CompletableFuture<Parcel> lands = old.landsLate();
    List<String> seen = new CopyOnWriteArrayList<>();
    try (FeedServer pod = pod()) {
      pod.server().addConnectListener(it -> it.joinRoom("own"));
      pod.adapter()
          .handOver("cart", Integer.class)
          .onRecovered(
              (it, was) -> seen.add(new TreeSet<>(it.getAllRooms()) + " " + it.get("cart")));
      try (ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
        client.wire().send("40" + connect(""));
        awaitLast(client, "pid");
        assertThat(seen).containsExactly("[, b, c, own] 2");
        SocketIOClient joined = pod.server().getClient(client.session());
        joined.leaveRoom("c");
        Await.until("landed", () -> old.landed().equals(List.of(PID)));
        lands.complete(
            new Parcel(inRooms(OldPod.state(PID, ""), Set.of("c", "d"), data("3")), missed()));

        Await.until("in the new room", () -> joined.getAllRooms().contains("d"));
        assertThat(joined.getAllRooms()).containsExactlyInAnyOrder("", "own", "d");
        Await.until("the data", () -> joined.get("cart").equals(3));
      }
    }
  }

  private static Map<String, String> data(String cart) {
    return Map.of("cart", cart);
  }

  @Test
  void poller_hasLandedWhenTheAnswerWasWritten() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    try (FeedServer pod = pod()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4");
      assertThat(poller.post("40" + connect("")).body()).isEqualTo("ok");
      Await.until("no work", () -> pod.coordinator().report().workInFlight() == 0);
      assertThat(old.landed()).isEmpty();
      while (poller.packets().size() < 2) {
        poller.poll();
      }
      Await.until("landed", () -> old.landed().equals(List.of(PID)));
    }
  }

  @Test
  void token_ofAClientThatAsksForIt_isToldAfterEachAnswer() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4&drain-token=1")) {
      client.wire().send("40" + connect(""));
      client.wire().send("40/chat,");
      client.wire().await("the second", message -> message.startsWith("42/chat,"));

      String token = "own." + client.session();
      assertThat(messages(client))
          .containsExactly(
              answer(client, "", PID),
              "42[\"drain:token\",{\"token\":\"" + token + "\",\"recovered\":true}]",
              "42[\"m1\"]",
              answer(client, "/chat,", token),
              "42/chat,[\"drain:token\",{\"token\":\"" + token + "\",\"recovered\":false}]");
    }
  }

  @Test
  void output_thatIsTooMuchToHold_goesOutAsEver() throws Exception {
    old.keeps(PID, OldPod.state(PID, ""), missed("42[\"m1\"]"));
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      int many = HeldOutput.MOST_BYTES / KeptSession.PACKET_BYTES;
      for (int i = 0; i <= many; i++) {
        broadcast(pod, "e" + i);
      }
      awaitLast(client, "e" + many);
      client.wire().send("40" + connect(""));
      client.wire().await("new", answer(client, "", "own." + client.session())::equals);

      assertThat(messages(client).subList(0, many + 1))
          .isEqualTo(IntStream.rangeClosed(0, many).mapToObj(i -> "42[\"e" + i + "\"]").toList());
      assertThat(old.taken()).isEmpty();
    }
  }

  @Test
  void text_thatIsTooLongForTheNextConnect_isFollowedByAnEmptyOne() throws Exception {
    try (FeedServer pod = pod();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4").join("")) {
      SocketIOClient it = pod.server().getClient(client.session());
      it.sendEvent("short", "x".repeat(8192));
      it.sendEvent("long", "x".repeat(8193));
      it.sendEvent("end");
      awaitLast(client, "drain:at");
      awaitLast(client, "end");

      assertThat(client.events("drain:at")).hasSize(1);
      assertThat(client.events("drain:at").get(0).data().asText()).isEmpty();
      assertThat(client.events("drain:at").get(0).at())
          .isGreaterThan(client.events("long").get(0).at());
    }
  }
}
