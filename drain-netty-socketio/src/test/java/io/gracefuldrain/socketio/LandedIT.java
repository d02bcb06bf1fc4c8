package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AckCallback;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What may still happen on a connection whose client is already on another pod. */
class LandedIT {
  private static final String LANDED = "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}";

  /** A listener that is slow, and says whether it has returned. */
  private static AtomicBoolean slow(FeedServer pod, long millis) {
    AtomicBoolean returned = new AtomicBoolean();
    pod.server()
        .addEventListener(
            "slow",
            String.class,
            (client, nothing, ack) -> {
              LockSupport.parkNanos(millis * 1_000_000);
              returned.set(true);
            });
    return returned;
  }

  @Test
  void landed_withAnOrderInFlight_staysUntilItIsDone() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      int order = client.emitForAck("", "\"order\",2500");
      pod.awaitWork();
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect")); // hinted although it is busy
      client.awaitAck("", client.emitForAck("", LANDED));
      assertThat(client.acknowledged("", order)).isFalse();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);

      assertThat(client.acknowledged("", order)).isTrue();
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.count(Outcome.LANDED)).isOne();
      assertThat(report.workAbandoned()).isZero();
    }
  }

  @Test
  void landed_andStillSending_isHeard() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      AtomicBoolean answered = new AtomicBoolean();
      FeedSession session = client.ready(pod, "", "mover");
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect"));
      session
          .client()
          .sendEvent(
              "question",
              new AckCallback<Object>(Object.class) {
                @Override
                public void onSuccess(Object result) {
                  answered.set(true);
                }
              });
      ScriptedClient.Event question = client.awaitEvent("question");
      client.awaitAck("", client.emitForAck("", LANDED));

      client.acknowledge(question);
      client.awaitAck("", client.emitForAck("", "\"upload\",\"mover\",1"));

      assertThat(answered).isTrue();
      assertThat(pod.uploads().count("mover")).isOne();
      client.wire().sendClose();
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void landed_inOneNamespace_isAcknowledgedAfterWhatCameInAnother() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod).join("/chat")) {
      AtomicBoolean returned = slow(pod, 300);
      CompletableFuture<DrainReport> drain = pod.drain();
      client.awaitEvents("drain:reconnect", 2);

      client.emit("", "\"slow\",\"\"");
      client.awaitAck("/chat", client.emitForAck("/chat", LANDED));

      assertThat(returned).isTrue();
      client.wire().sendClose();
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void landed_byAPollerInTheSameUpload_isAcknowledgedAfterAllBeforeIt() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      AtomicBoolean returned = slow(pod, 300);
      ScriptedPoller poller = hinted(pod);

      poller.post(
          "42[\"slow\",\"\"]\u001e425[\"upload\",\"poller\",1]\u001e429["
              + LANDED
              + "]\u001e42[\"upload\",\"poller\",2]");
      awaitPacket(poller, "439[]");

      assertThat(returned).isTrue();
      assertThat(poller.packets()).containsSubsequence("435[]", "439[]");
      Await.until("what came after", () -> pod.uploads().count("poller") == 2);
    }
  }

  @Test
  void landed_byAPollerInTheNextUpload_isAcknowledgedAfterAllOfTheOneBefore() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      AtomicBoolean returned = slow(pod, 300);
      ScriptedPoller poller = hinted(pod);

      // The first is answered before it is dispatched. The next ones come on other connections.
      assertThat(poller.post("42[\"slow\",\"\"]").status()).isEqualTo(200);
      assertThat(returned).isFalse();
      poller.post("42[\"upload\",\"poller\",1]");
      poller.post("429[" + LANDED + "]");
      awaitPacket(poller, "439[]");

      assertThat(returned).isTrue();
      assertThat(pod.uploads().count("poller")).isOne();
    }
  }

  @Test
  void landed_afterAnUpgrade_isAcknowledgedAfterTheUploadsBeforeIt() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      AtomicBoolean returned = slow(pod, 300);
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
      poller.post("42[\"slow\",\"\"]");
      try (WireSocket wire = WireSocket.open(pod.port(), "EIO=4&drain=1&sid=" + poller.session())) {
        wire.send("2probe");
        wire.send("5");
        wire.send("429[" + LANDED + "]");
        wire.await("the acknowledgement", "439[]"::equals);

        assertThat(returned).isTrue();
        assertThat(wire.messages()).contains("3probe");
      }
    }
  }

  @Test
  void uploads_thatNobodyWouldSend_areRefused() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      slow(pod, 1000);
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
      poller.post("42[\"slow\",\"\"]");
      ExecutorService posts = Executors.newFixedThreadPool(80);
      try {
        List<Future<TestHttp.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
          int number = i;
          answers.add(posts.submit(() -> poller.post("42[\"upload\",\"many\"," + number + "]")));
        }
        int passed = 0;
        for (var answer : answers) {
          passed += answer.get(10, TimeUnit.SECONDS).status() == 200 ? 1 : 0;
        }
        // Some came on the event loop of the slow one, and so after it.
        assertThat(passed).isBetween(16, 79);
        int heard = passed;
        Await.until("all that passed", () -> pod.uploads().count("many") == heard);
      } finally {
        posts.shutdownNow();
      }
    }
  }

  @Test
  void hint_beforeConnectOfAnyNamespace_isNotSent() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.connect(pod, "EIO=4&drain=1")) {
      CompletableFuture<DrainReport> drain = pod.drain();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);

      assertThat(client.wire().messages()).noneMatch(message -> message.contains("drain:"));
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  /** A poller that was hinted, and has acknowledged it. */
  private static ScriptedPoller hinted(FeedServer pod) throws Exception {
    ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
    var unused = pod.drain();
    while (poller.packets().stream().noneMatch(packet -> packet.contains("drain:reconnect"))) {
      poller.poll();
    }
    poller.post("431[]"); // its first acknowledgement, which the server numbers 1
    return poller;
  }

  private static void awaitPacket(ScriptedPoller poller, String packet) throws Exception {
    for (int polls = 0; polls < 50 && !poller.packets().contains(packet); polls++) {
      poller.poll();
    }
    assertThat(poller.packets()).contains(packet);
  }
}
