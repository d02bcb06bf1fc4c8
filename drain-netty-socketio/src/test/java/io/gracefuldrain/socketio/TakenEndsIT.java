package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.store.MemoryStore;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import com.corundumstudio.socketio.store.Store;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.TokenClientIT.Pod;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session that one pod has, and that may still end in another way than by landing there: what its
 * client, its pods and the application do meanwhile. Real pods, which ask each other by HTTP.
 */
class TakenEndsIT {
  private static final Pattern PID = Pattern.compile("\"pid\":\"([^\"]+)\"");
  private static final Pattern SEQ = Pattern.compile("42(?:/chat,)?\\[\"seq\",(\\d+)\\]");

  private static String answer(ScriptedClient client, String namespace) {
    String start = "40" + (namespace.isEmpty() ? "{" : namespace + ",");
    return client.wire().await("the answer", message -> message.startsWith(start));
  }

  private static String pid(String answer) {
    Matcher pid = PID.matcher(answer);
    assertThat(pid.find()).as(answer).isTrue();
    return pid.group(1);
  }

  private static List<Integer> numbers(List<String> packets) {
    return packets.stream()
        .map(SEQ::matcher)
        .filter(Matcher::matches)
        .map(seq -> Integer.valueOf(seq.group(1)))
        .toList();
  }

  private static void awaitBounded(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long fetched(Pod pod, HandOverResult result) {
    return pod.server.coordinator().totals().handedOver().fetched().getOrDefault(result, 0L);
  }

  // ---------------------------------------------------------------- thrown out

  @Test
  void clientWhoIsThrownOutAtTheOldPodWhenItIsTaken_isDisconnectedAtTheNextOne() throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b")) {
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      first.wire().send("40/chat,");
      String pid = pid(answer(first, ""));
      answer(first, "/chat");
      SocketIOClient kept = a.server.server().getClient(first.session());
      AtomicBoolean once = new AtomicBoolean();
      b.server
          .adapter()
          .onRecovered(
              (client, previous) -> {
                if (once.compareAndSet(false, true)) {
                  kept.disconnect();
                }
              });
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      NextPod.awaitOffer(a.server, first.session());
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40{\"pid\":\"" + pid + "\"}");
        second.wire().send("40/chat,{\"pid\":\"" + pid + "\"}");

        second.wire().await("its end", "41"::equals);
        second.wire().await("its end in the other", message -> message.startsWith("41/chat,"));
        DrainReport report = FeedServer.receipt(drain);
        assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
        assertThat(report.handedOver().refused()).containsEntry("disconnected", 1L);
        Await.until("told", () -> fetched(b, HandOverResult.THROWN_OUT) == 1);
        assertThat(fetched(b, HandOverResult.UNHEARD)).isZero();
      }
    }
  }

  /** It is asked for its end whatever pod it has come back to. */
  @Test
  void clientWhoIsThrownOutWhenItComesBackToItsOwnPod_isDisconnected() throws Exception {
    try (Pod a = new Pod("pod-a")) {
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      String pid = pid(answer(first, ""));
      SocketIOClient kept = a.server.server().getClient(first.session());
      a.server.adapter().onRecovered((client, previous) -> kept.disconnect());
      var unused = a.server.coordinator().shed(1);
      first.end();
      NextPod.awaitOffer(a.server, first.session());
      try (ScriptedClient second = ScriptedClient.connect(a.server, "EIO=4")) {
        second.wire().send("40{\"pid\":\"" + pid + "\"}");

        second.wire().await("its end", "41"::equals);
      }
    }
  }

  /** It is let in by the next pod's application, which decides after that. */
  @Test
  void clientWhoIsThrownOutBeforeItIsTaken_beginsAnew() throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b")) {
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40/chat,");
      String pid = pid(answer(first, "/chat"));
      SocketIOClient kept = a.server.server().getNamespace("/chat").getClient(first.session());
      b.server
          .server()
          .getNamespace("/chat")
          .addConnectListener(client -> kept.disconnect()); // between prepare and take
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40/chat,{\"pid\":\"" + pid + "\"}");

        assertThat(answer(second, "/chat")).doesNotContain(pid);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isZero();
        assertThat(fetched(b, HandOverResult.TAKEN)).isZero();
      }
    }
  }

  // ---------------------------------------------------------------- late uploads

  /**
   * All three pods live. A listener of the second one takes longer than its client waits, and the
   * end of that connection is read, or is still on its way.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void upload_ofAClientThatHasLeftForAnotherPodMeanwhile_isHeardOnce(boolean leaves)
      throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b");
        Pod c = new Pod("pod-c")) {
      List<String> heard = new CopyOnWriteArrayList<>();
      for (Pod pod : List.of(a, b, c)) {
        pod.server
            .server()
            .addEventListener(
                "purchase",
                String.class,
                (client, what, ack) -> heard.add(pod.server.coordinator().policy().pod() + what));
      }
      CountDownLatch inListener = new CountDownLatch(1);
      CountDownLatch landed = new CountDownLatch(1);
      b.server
          .adapter()
          .onRecovered(
              (client, previous) -> {
                inListener.countDown();
                awaitBounded(landed);
              });
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().lingers();
      first.wire().send("40");
      String pid = pid(answer(first, ""));
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      first.wire().send("42[\"purchase\",\" 1\"]");
      first.wire().close();
      NextPod.awaitOffer(a.server, first.session());
      ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4");
      second.wire().send("40{\"pid\":\"" + pid + "\"}");
      awaitBounded(inListener);
      if (leaves) {
        second.close();
      }
      NextPod.awaitOffer(a.server, first.session()); // once more, half a second later
      try (ScriptedClient third = ScriptedClient.connect(c.server, "EIO=4")) {
        third.wire().send("40{\"pid\":\"" + pid + "\"}");
        assertThat(answer(third, "")).contains(pid);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
        landed.countDown();

        Await.until("it has ended", () -> b.server.coordinator().report().workInFlight() == 0);
        assertThat(heard).containsExactly("pod-c 1");
        if (!leaves) {
          assertThat(answer(second, "")).doesNotContain(pid);
          second.close();
        }
      }
    }
  }

  /** A client whose connection is up has perhaps another one, on another pod. */
  @Test
  void upload_afterASlowListener_isHeardIfTheSessionIsStillHad_withWhatHasComeSince()
      throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b")) {
      List<String> heard = new CopyOnWriteArrayList<>();
      b.server
          .server()
          .addEventListener("purchase", String.class, (client, what, ack) -> heard.add(what));
      CountDownLatch inListener = new CountDownLatch(1);
      CountDownLatch goesOn = new CountDownLatch(1);
      b.server
          .adapter()
          .onRecovered(
              (client, previous) -> {
                inListener.countDown();
                awaitBounded(goesOn);
              });
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().lingers();
      first.wire().send("40");
      String pid = pid(answer(first, ""));
      SocketIOClient kept = a.server.server().getClient(first.session());
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      first.wire().send("42[\"purchase\",\"1\"]");
      first.wire().close();
      NextPod.awaitOffer(a.server, first.session());
      kept.sendEvent("seq", 0);
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40{\"pid\":\"" + pid + "\"}");
        awaitBounded(inListener);
        kept.sendEvent("seq", 1);
        NextPod.awaitOffer(a.server, first.session()); // another one might have it
        goesOn.countDown();

        assertThat(answer(second, "")).contains(pid);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
        Await.until("all", () -> numbers(second.wire().messages()).equals(List.of(0, 1)));
        assertThat(heard).containsExactly("1");
        assertThat(fetched(b, HandOverResult.TAKEN)).isOne();
      }
    }
  }

  /**
   * The application's store fails in one of them. The session ends at its old pod with the other
   * namespace.
   */
  @Test
  void upload_inANamespaceThatCannotBeRecovered_isHeardOnceAllTheSame() throws Exception {
    String pid = "drain_pid-of-the-old-pod";
    OldPod old =
        new OldPod()
            .keeps(
                pid,
                OldPod.state(pid, "", "/chat"),
                new Mail(
                    List.of(WirePacket.of("42/chat,[\"c1\"]"), WirePacket.of("42[\"m1\"]")),
                    List.of(
                        WirePacket.of("42[\"upload\",\"up\",1]"),
                        WirePacket.of("42/chat,[\"upload\",\"up\",2]"))));
    AtomicBoolean fails = new AtomicBoolean();
    old.changesBeforeTheTake(
        state -> {
          fails.set(true);
          return new HandedState(
              state.session(),
              state.pid(),
              0,
              Map.of("", Set.of(), "/chat", Set.of()),
              Map.of("cart", "3"),
              state.identities());
        });
    MemoryStoreFactory failing =
        new MemoryStoreFactory() {
          @Override
          public Store createStore(UUID session) {
            return new MemoryStore() {
              @Override
              public void set(String key, Object value) {
                if (fails.compareAndSet(true, false)) {
                  throw new IllegalStateException("the store is away");
                }
                super.set(key, value);
              }
            };
          }
        };
    try (FeedServer pod =
            FeedServer.named("pod-b")
                .handOver(old)
                .configuration(configuration -> configuration.setStoreFactory(failing))
                .start();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4")) {
      pod.adapter().handOver("cart", Integer.class);
      CompletableFuture<Void> prepare = old.preparesLate();
      client.wire().send("40/chat,{\"pid\":\"" + pid + "\"}");
      client.wire().send("40{\"pid\":\"" + pid + "\"}");
      prepare.complete(null);

      Await.until("landed", () -> old.landed().equals(List.of(pid)));
      List<String> recovered =
          List.of(answer(client, ""), answer(client, "/chat")).stream()
              .filter(answer -> answer.contains(pid))
              .toList();
      assertThat(recovered).hasSize(1);
      Await.until("heard", () -> pod.uploads().has("up", 1) && pod.uploads().has("up", 2));
    }
  }

  // ---------------------------------------------------------------- ends at both pods

  /** The next pod drains before its client has fetched the answer to its CONNECT. */
  @Test
  void answer_thatAPollerGetsAsTheLastOfItsPod_countsOnceItHasReadIt() throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b");
        Pod c = new Pod("pod-c")) {
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      String pid = pid(answer(first, ""));
      SocketIOClient kept = a.server.server().getClient(first.session());
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      NextPod.awaitOffer(a.server, first.session());
      kept.sendEvent("seq", 0);
      ScriptedPoller poller = ScriptedPoller.connect(b.server, "EIO=4");
      assertThat(poller.post("40{\"pid\":\"" + pid + "\"}").body()).isEqualTo("ok");
      Await.until("it waits", () -> b.server.coordinator().report().workInFlight() == 0);
      kept.sendEvent("seq", 1); // when the session was taken
      CompletableFuture<DrainReport> next = b.server.drain();
      SocketIOClient there = b.server.server().getClient(poller.session());
      Await.until("let go", () -> b.server.adapter().moving(there));
      while (poller.poll().status() == 200) {
        assertThat(poller.packets()).hasSizeLessThan(100);
      }

      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
      assertThat(numbers(poller.packets())).containsExactly(0);
      try (ScriptedClient third = ScriptedClient.connect(c.server, "EIO=4")) {
        String at =
            poller.packets().stream()
                .filter(packet -> packet.contains("drain:at"))
                .findFirst()
                .orElseThrow()
                .replaceAll(".*,\"(.*)\"]", "$1");
        third.wire().send("40{\"pid\":\"" + pid + "\",\"offset\":\"" + at + "\"}");
        assertThat(answer(third, "")).contains(pid);
        Await.until("the rest", () -> numbers(third.wire().messages()).equals(List.of(1)));
        assertThat(FeedServer.receipt(next).count(Outcome.LANDED)).isOne();
      }
    }
  }

  @Test
  void answer_thatAPollerNeverFetches_hasNotReachedIt() throws Exception {
    String pid = "drain_pid-of-the-old-pod";
    OldPod old = new OldPod().keeps(pid, OldPod.state(pid, ""), new Mail(List.of(), List.of()));
    try (FeedServer pod = FeedServer.named("pod-b").handOver(old).start()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4");
      assertThat(poller.post("40{\"pid\":\"" + pid + "\"}").body()).isEqualTo("ok");
      Await.until("it waits", () -> pod.coordinator().report().workInFlight() == 0);

      assertThat(pod.drained().count(Outcome.CLOSED)).isOne();

      assertThat(old.taken()).containsExactly(pid);
      assertThat(old.landed()).isEmpty();
    }
  }

  /** A listener of the end that takes its time in one namespace costs the others nothing. */
  @Test
  void sentWhileAnotherNamespaceEnds_goesAlong() throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b")) {
      CountDownLatch sent = new CountDownLatch(1);
      List<String> ends = new CopyOnWriteArrayList<>();
      for (String name : List.of("", "/chat")) {
        a.server
            .server()
            .getNamespace(name)
            .addDisconnectListener(
                client -> {
                  ends.add(name);
                  if (ends.size() == 1) {
                    awaitBounded(sent);
                  }
                });
      }
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      first.wire().send("40/chat,");
      String pid = pid(answer(first, ""));
      answer(first, "/chat");
      Map<String, SocketIOClient> kept =
          Map.of(
              "",
              a.server.server().getClient(first.session()),
              "/chat",
              a.server.server().getNamespace("/chat").getClient(first.session()));
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      NextPod.awaitOffer(a.server, first.session());
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40{\"pid\":\"" + pid + "\"}");
        second.wire().send("40/chat,{\"pid\":\"" + pid + "\"}");
        Await.until("the first one ends", () -> ends.size() == 1);
        kept.get(ends.get(0).isEmpty() ? "/chat" : "").sendEvent("seq", 1);
        sent.countDown();

        Await.until("it arrives", () -> numbers(second.wire().messages()).equals(List.of(1)));
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
        assertThat(ends).containsExactlyInAnyOrder("", "/chat");
      }
    }
  }
}
