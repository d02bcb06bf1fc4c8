package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.messages.PacketsMessage;
import com.corundumstudio.socketio.transport.NamespaceClient;
import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Goodbye;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No client is let go in the middle of its work. */
class WorkInFlightIT {
  @Test
  void order_begunBeforeTheDrain_isAcknowledgedBeforeItsClientIsLetGo() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      int order = client.emitForAck("", "\"order\",1500");
      pod.awaitWork();

      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING);

      assertThat(pod.coordinator().report().oldestWork().work()).isEqualTo("order");
      assertThat(client.acknowledged("", order)).isFalse();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(client.acknowledged("", order)).isTrue();
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.workAbandoned()).isZero();
    }
  }

  @Test
  void handlers_run_asTheWorkOfTheirClient() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      CompletableFuture<Boolean> connected = new CompletableFuture<>();
      pod.server()
          .addConnectListener(
              client -> connected.complete(CurrentWork.gate() == pod.adapter().work(client)));
      pod.server()
          .addEventListener(
              "whose",
              String.class,
              (client, nothing, ack) -> {
                if (CurrentWork.gate() == pod.adapter().work(client)) {
                  ack.sendAckData("its own");
                }
              });
      try (ScriptedClient client = ScriptedClient.stock(pod)) {
        int whose = client.emitForAck("", "\"whose\",\"\"");
        assertThat(connected.get(30, TimeUnit.SECONDS)).isTrue();
        Await.until("its own", () -> client.acknowledged("", whose));
      }
    }
  }

  @Test
  void order_ofAPoller_isAcknowledgedBeforeItIsLetGo() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      poller.post("427[\"order\",1500]");
      pod.awaitWork();

      CompletableFuture<DrainReport> drain = pod.drain();
      TestHttp.Answer answer = poller.poll();
      while (answer.status() == 200) {
        answer = poller.poll();
      }

      assertThat(poller.packets()).contains("437[\"done\"]");
      assertThat(answer.body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void dispatch_thatBlocks_isAcknowledgedBeforeItsClientIsLetGo() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      pod.server()
          .addEventListener(
              "block",
              String.class,
              (blocked, nothing, ack) -> {
                release.await();
                ack.sendAckData("after all");
              });
      int blocked = client.emitForAck("", "\"block\",\"\"");
      pod.awaitWork();

      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.SETTLING);

      assertThat(client.wire().ended()).isFalse();
      assertThat(drain).isNotDone();
      release.countDown();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(client.acknowledged("", blocked)).isTrue();
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    } finally {
      release.countDown();
    }
  }

  @Test
  void upload_thatWaitsForItsTurn_isDispatchedInTheLastSecondOfSettlingToo() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(policy -> policy.withMoveWindow(Duration.ofMillis(500)))
            .start()) {
      pod.server()
          .addEventListener("block", String.class, (blocked, nothing, ack) -> release.await());
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
      poller.post("42[\"block\",\"\"]");
      CompletableFuture<TestHttp.Answer> upload =
          CompletableFuture.supplyAsync(() -> poller.postQuietly("42[\"upload\",\"waits\",1]"));
      Await.until("both are in flight", () -> pod.coordinator().report().workInFlight() == 2);
      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.SETTLING);
      Duration last = FeedServer.POLICY.forceTimeout().plusMillis(900);
      Await.until(
          "no dispatch begins any more",
          () -> pod.coordinator().report().budgetRemaining().compareTo(last) < 0);

      release.countDown();

      assertThat(upload.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      Await.until("its dispatch", () -> pod.uploads().has("waits", 1));
      // A machine that is too busy for the rest of that second ends the client by force.
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.count(Outcome.CLOSED) + report.count(Outcome.FORCED)).isOne();
    } finally {
      release.countDown();
    }
  }

  @Test
  void order_begunInTheHandlerOfABusyClient_isPartOfItsWork() throws Exception {
    // The connection is due. Work that begins inside other work cannot fail.
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      int first = client.emitForAck("", "\"order\",800");
      pod.awaitWork();

      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING);
      int second = client.emitForAck("", "\"order\",1200");

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(client.acknowledged("", first)).isTrue();
      assertThat(client.acknowledged("", second)).isTrue();
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void packet_betweenTheSealAndTheFarewell_isDispatchedAndAcknowledged() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      FeedSession session = client.ready(pod, "", "late");
      CountDownLatch sealed = new CountDownLatch(1);
      CountDownLatch sent = new CountDownLatch(1);
      Channel channel = pod.tap().channel(client.session());
      channel
          .eventLoop()
          .execute(
              () -> {
                occupy(pod, session, sealed, sent);
                // This packet is read between the seal and the farewell, which waits behind us.
                channel.pipeline().fireChannelRead(packet(session, "427[\"upload\",\"late\",1]"));
              });

      CompletableFuture<DrainReport> drain = pod.drain();
      assertThat(sealed.await(10, TimeUnit.SECONDS)).isTrue();
      int late = client.emitForAck("", "\"upload\",\"late\",0");
      sent.countDown();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(client.acknowledged("", 7)).isTrue();
      // The other one is read before the farewell, or it is neither dispatched nor acknowledged.
      assertThat(pod.uploads().count("late")).isEqualTo(client.acknowledged("", late) ? 2 : 1);
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
      assertThatThrownBy(() -> pod.adapter().begin(session.client(), "too late"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("expected");
    }
  }

  @Test
  void packet_thatComesWhileTheFarewellIsPrepared_isDispatchedAndAcknowledged() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      client.ready(pod, "", "late");
      List<Integer> sent = new CopyOnWriteArrayList<>();
      pod.adapter()
          .goodbye(
              handshake -> { // which is part of it, and asked again when the work has ended
                if (sent.isEmpty()) {
                  sent.add(client.emitForAck("", "\"upload\",\"late\",0"));
                }
                return Goodbye.FIN;
              });

      CompletableFuture<DrainReport> drain = pod.drain();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(client.acknowledged("", sent.get(0))).isTrue();
      assertThat(pod.uploads().has("late", 0)).isTrue();
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void order_ofAClientThatLeaves_isWaitedForAllTheSame() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      CompletableFuture<Void> done = orders(pod, release);
      ScriptedClient client = ScriptedClient.stock(pod);
      client.emit("", "\"slow\",\"\"");
      pod.awaitWork();
      client.close();
      Await.until("the client has left", () -> pod.coordinator().report().connections() == 0);

      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.SETTLING);
      assertThat(pod.coordinator().report().workInFlight()).isOne();
      release.countDown();

      DrainReport report = FeedServer.receipt(drain);
      assertThat(done).isCompleted();
      assertThat(report.tracked()).isZero();
      assertThat(report.workAbandoned()).isZero();
    } finally {
      release.countDown();
    }
  }

  /** Serves {@code slow}: work on a thread of its own, until it is released. */
  private static CompletableFuture<Void> orders(FeedServer pod, CountDownLatch release) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    pod.server()
        .addEventListener(
            "slow",
            String.class,
            (client, nothing, ack) ->
                pod.adapter()
                    .work(client)
                    .wrap("slow", task -> new Thread(task, "slow").start())
                    .execute(
                        () -> {
                          awaitQuietly(release);
                          done.complete(null);
                        }));
    return done;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      var unused = latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void order_ofAClientThatLeavesInTheDrain_isReportedIfItIsCut() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (FeedServer pod = hurried()) {
      var unused = orders(pod, release);
      ScriptedClient client = ScriptedClient.stock(pod);
      client.emit("", "\"slow\",\"\"");
      pod.awaitWork();
      CompletableFuture<DrainReport> drain = pod.drain();
      client.close();

      DrainReport report = FeedServer.receipt(drain);

      assertThat(report.count(Outcome.LOST)).isOne();
      assertThat(report.workAbandoned()).isOne();
    } finally {
      release.countDown();
    }
  }

  @Test
  void begin_inAHandlerWhosePollerHasLeft_givesALease() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      CountDownLatch handled = new CountDownLatch(1);
      CountDownLatch validated = new CountDownLatch(1);
      CompletableFuture<String> begun = new CompletableFuture<>();
      pod.server()
          .addEventListener(
              "slow",
              String.class,
              (client, nothing, ack) -> {
                handled.countDown();
                awaitQuietly(validated);
                try (WorkLease lease = pod.adapter().begin(client, "order")) {
                  begun.complete(lease.work());
                } catch (RuntimeException e) {
                  begun.completeExceptionally(e);
                }
              });
      ScriptedPoller poller = ScriptedPoller.join(pod);
      poller.post("42[\"slow\",\"\"]");
      awaitQuietly(handled); // the upload is answered, and counts as work, before that
      poller.post("41");
      Await.until("the client has left", () -> pod.coordinator().report().connections() == 0);
      assertThat(pod.coordinator().report().workInFlight()).isPositive();
      validated.countDown();

      assertThat(begun.get(10, TimeUnit.SECONDS)).isEqualTo("order");
      Await.until("no work", () -> pod.coordinator().report().workInFlight() == 0);
    }
  }

  @Test
  void begin_inAConnectListener_givesALeaseInEveryPhase() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(policy -> policy.withHandshakes(DrainPolicy.Handshakes.ADMIT))
            .start()) {
      CompletableFuture<DrainPhase> begunIn = new CompletableFuture<>();
      pod.server()
          .addConnectListener(
              client -> {
                if (client.getHandshakeData().getSingleUrlParam("late") == null) {
                  return;
                }
                pod.awaitPhase(DrainPhase.MOVING);
                Await.until(
                    "the others are gone", () -> pod.coordinator().report().remaining() <= 1);
                try {
                  pod.adapter().begin(client, "welcome").close();
                  begunIn.complete(pod.coordinator().phase());
                } catch (RuntimeException e) {
                  begunIn.completeExceptionally(e);
                }
              });
      try (ScriptedClient early = ScriptedClient.stock(pod)) {
        WireSocket late = WireSocket.open(pod.port(), "EIO=4&late=1");
        CompletableFuture<DrainReport> drain = pod.drain();

        assertThat(begunIn.get(10, TimeUnit.SECONDS)).isEqualTo(DrainPhase.MOVING);
        assertThat(early.end()).isEqualTo(WireSocket.End.FIN);
        assertThat(late.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
        assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isEqualTo(2);
      }
    }
  }

  @Test
  void connectListener_ofAnAnswerThatIsWrittenLater_isWorkInFlightToo() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      CompletableFuture<Integer> inFlight = new CompletableFuture<>();
      pod.server()
          .addConnectListener(
              client -> inFlight.complete(pod.coordinator().report().workInFlight()));
      pod.tap().slowAnswers();

      try (WireSocket socket = WireSocket.open(pod.port(), "EIO=4")) {
        socket.send("40");
        assertThat(inFlight.get(10, TimeUnit.SECONDS)).isOne();
        Await.until("at rest", () -> pod.coordinator().report().workInFlight() == 0);
      }
    }
  }

  /** Keeps the event loop from reading until the client is sealed and has sent something. */
  private static void occupy(
      FeedServer pod, FeedSession session, CountDownLatch sealed, CountDownLatch sent) {
    Await.until("sealed", () -> pod.sealed(session));
    sealed.countDown();
    try {
      var unused = sent.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static PacketsMessage packet(FeedSession session, String text) {
    ClientHead head = ((NamespaceClient) session.client()).getBaseClient();
    ByteBuf content = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    return new PacketsMessage(head, content, Transport.WEBSOCKET);
  }

  /** A pod that soon forces clients whose work continues. */
  private static FeedServer hurried() {
    return FeedServer.named("pod-a")
        .policy(
            policy ->
                policy
                    .withMoveWindow(Duration.ofSeconds(1))
                    .withSettleGrace(Duration.ofMillis(500)))
        .start();
  }

  @Test
  void order_beyondTheSettleGrace_isForcedInTime() throws Exception {
    try (FeedServer pod = hurried();
        ScriptedClient busy = ScriptedClient.stock(pod);
        ScriptedClient idle = ScriptedClient.stock(pod)) {
      int order = busy.emitForAck("", "\"order\",60000");
      pod.awaitWork();

      DrainReport report = pod.drained();

      busy.end();
      assertThat(idle.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(busy.acknowledged("", order)).isFalse();
      assertThat(report.count(Outcome.FORCED)).isOne();
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.workAbandoned()).isOne();
    }
  }

  @Test
  void order_ofAPollerBeyondTheSettleGrace_isForcedInTime() throws Exception {
    try (FeedServer pod = hurried()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      poller.post("427[\"order\",60000]");
      CompletableFuture<TestHttp.Answer> pending = poller.pending();

      DrainReport report = pod.drained();

      assertThat(pending.get(10, TimeUnit.SECONDS).body()).isEqualTo("6");
      assertThat(poller.poll().body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
      assertThat(report.count(Outcome.FORCED)).isOne();
      assertThat(report.workAbandoned()).isOne();
    }
  }

  @Test
  void dispatch_thatBlocksForEver_isForcedInTheReceipt() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (FeedServer pod = hurried();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      pod.server()
          .addEventListener("block", String.class, (blocked, nothing, ack) -> release.await());
      client.emit("", "\"block\",\"\"");
      pod.awaitWork();

      DrainReport report = pod.drained();

      assertThat(report.count(Outcome.FORCED)).isOne();
      assertThat(report.workAbandoned()).isOne();
      release.countDown();
      client.end(); // closed once its event loop is free
    } finally {
      release.countDown();
    }
  }

  @Test
  void lease_withALimit_isRespectedThatLongOnly() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      FeedSession session = client.ready(pod, "", "limited");
      pod.adapter().begin(session.client(), "endless", Duration.ofMillis(300));

      DrainReport report = pod.drained();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.workExpired()).isOne();
    }
  }
}
