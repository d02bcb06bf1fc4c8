package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Transport;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a long-polling session is let go, answer by answer. */
class PollerIT {
  @Test
  void letGo_quietPollPending_endsWithNoopThenSessionUnknown() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      CompletableFuture<TestHttp.Answer> poll = pendingPoll(pod, poller);

      CompletableFuture<DrainReport> drain = pod.drain();

      TestHttp.Answer last = poll.get(10, TimeUnit.SECONDS);
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.body()).isEqualTo("6");
      assertThat(last.header("connection")).isEqualTo("close");
      refusedAsUnknown(poller.poll());
      refusedAsUnknown(poller.post("42[\"upload\",\"late\",0]"));
      assertThat(pod.uploads().has("late", 0)).isFalse();
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_quietPollOfProtocol3Pending_endsWithNoopInItsFraming() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=3&b64=1");
      // The CONNECT of protocol 3 comes unasked, now and then twice: netty-socketio sends it from
      // the
      // handshake and from the first poll, if they are handled at the same time.
      CompletableFuture<TestHttp.Answer> poll = pendingPoll(pod, poller);
      while (isAnswered(poll)) {
        assertThat(poll.join().body()).contains("40");
        poll = pendingPoll(pod, poller);
      }

      CompletableFuture<DrainReport> drain = pod.drain();

      assertThat(poll.get(10, TimeUnit.SECONDS).body()).isEqualTo("1:6");
      refusedAsUnknown(poller.poll());
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_eventsQueuedWhilePollPending_allArriveBeforeSessionUnknown() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      CompletableFuture<TestHttp.Answer> first = pendingPoll(pod, poller);
      LastWords lastWords = new LastWords(pod);

      lastWords.prepare();
      CompletableFuture<DrainReport> drain = pod.drain();
      TestHttp.Answer answer = poller.take(first.get(10, TimeUnit.SECONDS));
      while (answer.status() == 200) {
        answer = poller.poll();
      }

      lastWords.allSaid();
      refusedAsUnknown(answer);
      gotAllOf(poller, session);
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_betweenPollsWithEventsQueued_nextPollGetsThemAll() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      session.send(20);

      CompletableFuture<DrainReport> drain = pod.drain();
      Await.until("the end for the application", () -> !session.open());
      TestHttp.Answer answer = poller.poll();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("connection")).isEqualTo("close");
      gotAllOf(poller, session);
      refusedAsUnknown(poller.poll());
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_moreQueuedThanOnePollHolds_theNextPollsGetTheRest() throws Exception {
    // netty-socketio answers a poll with 50 packets and loses the next one.
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      session.send(120);

      CompletableFuture<DrainReport> drain = pod.drain();
      Await.until("the end for the application", () -> !session.open());
      for (int polls = 0; polls < 3; polls++) {
        assertThat(poller.poll().status()).isEqualTo(200);
      }

      assertThat(poller.numbers()).isEqualTo(IntStream.range(0, 120).boxed().toList());
      refusedAsUnknown(poller.poll());
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_uploadBetweenPolls_isRefusedAndEverythingQueuedArrivesAllTheSame() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      session.send(20);

      CompletableFuture<DrainReport> drain = pod.drain();
      Await.until("the end for the application", () -> !session.open());
      CompletableFuture<TestHttp.Answer> upload =
          CompletableFuture.supplyAsync(() -> poller.postQuietly("42[\"upload\",\"late\",0]"));
      poller.poll();

      gotAllOf(poller, session);
      refusedAsUnknown(upload.get(10, TimeUnit.SECONDS));
      assertThat(pod.uploads().has("late", 0)).isFalse();
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_clientThatReadsItsAnswerLate_hasItBeforeItsUploadIsRefused() throws Exception {
    // A client drops the other request at the first error. It polls again once it has read.
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("late");
      session.send(20);

      CompletableFuture<DrainReport> drain = pod.drain();
      Await.until("the end for the application", () -> !session.open());
      CompletableFuture<TestHttp.Answer> upload =
          CompletableFuture.supplyAsync(() -> poller.postQuietly("42[\"upload\",\"late\",0]"));
      Await.until("the upload", () -> pod.tap().uploads() > 2);
      long asked = System.nanoTime();
      poller.poll(); // and not again

      refusedAsUnknown(upload.get(10, TimeUnit.SECONDS));
      assertThat(Duration.ofNanos(System.nanoTime() - asked))
          .isGreaterThanOrEqualTo(Farewell.COLLECT);
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_betweenPollsWithNothingQueued_nextPollIsRefusedAtOnce() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);

      DrainReport report = pod.drained();

      refusedAsUnknown(poller.poll());
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.moves().max()).isLessThan(FeedServer.POLICY.hintGrace());
    }
  }

  @Test
  void letGo_pollerThatNeverPollsAgain_isBounded() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      FeedSession session = ScriptedPoller.join(pod).ready("poller");
      session.send(20);

      DrainReport report = pod.drained();

      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.phases().keySet()).contains(DrainPhase.MOVING);
      assertThat(report.moves().max()).isLessThan(FeedServer.POLICY.moveWindow());
    }
  }

  @Test
  void letGo_pollerThatNeverReads_isBounded() throws Exception {
    String padding = "x".repeat(400_000);
    try (FeedServer pod = FeedServer.named("pod-a").start();
        Socket socket = new Socket()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("deaf");
      for (int i = 0; i < 40; i++) {
        session.client().sendEvent("padding", padding); // 16 MB in all: more than any socket takes
      }
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), pod.port()));
      String poll = "GET /socket.io/?" + poller.query() + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(poll.getBytes(StandardCharsets.US_ASCII));
      Await.until("the poll", () -> pod.tap().channel(poller.session()) != null);

      DrainReport report = pod.drained();

      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.moves().max()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(2));
    }
  }

  @Test
  void leave_whileItsPollIsHandledOnAnotherEventLoop_countsAsLeft() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(policy -> policy.withReadinessDelayMax(Duration.ofSeconds(2)))
            .start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      poller.ready("leaver");
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch polled = new CountDownLatch(1);
      pod.server()
          .addEventListener(
              "wait",
              String.class,
              (client, nothing, ack) -> {
                asked.countDown();
                polled.await();
              });
      CompletableFuture<DrainReport> drain = pod.drain();

      poller.post("42[\"wait\",\"\"]\u001e41"); // then it leaves
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      var unused = pendingPoll(pod, poller);
      polled.countDown();
      Await.until("its end", () -> pod.coordinator().report().connections() == 0);
      pod.hurry();

      assertThat(FeedServer.receipt(drain).count(Outcome.LEFT)).isOne();
    }
  }

  @Test
  void answer_ofPoll_leavesAfterItsChannelIsUnbound() throws Exception {
    // The client may poll again after that. The end of this channel must not hit that poll.
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      CompletableFuture<TestHttp.Answer> poll = pendingPoll(pod, poller);
      Await.until("the poll is bound", session.client()::isChannelOpen);
      List<Boolean> boundAtWrite = new CopyOnWriteArrayList<>();
      pod.tap()
          .channel(poller.session())
          .pipeline()
          .addFirst(
              new ChannelOutboundHandlerAdapter() {
                @Override
                public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
                  boundAtWrite.add(session.client().isChannelOpen());
                  var unused = ctx.write(bytes, promise);
                }
              });

      session.send(1);

      assertThat(poller.take(poll.get(10, TimeUnit.SECONDS)).status()).isEqualTo(200);
      assertThat(boundAtWrite).isNotEmpty().containsOnly(false);
      session.send(1);
      poller.poll();
      assertThat(poller.numbers()).containsExactly(0, 1);
    }
  }

  private static CompletableFuture<TestHttp.Answer> pendingPoll(
      FeedServer pod, ScriptedPoller poller) {
    Channel before = pod.tap().channel(poller.session());
    CompletableFuture<TestHttp.Answer> poll = poller.pending();
    Await.until("the poll", () -> pod.tap().channel(poller.session()) != before);
    return poll;
  }

  /** Whether a poll ends soon, though nobody is let go. */
  private static boolean isAnswered(CompletableFuture<TestHttp.Answer> poll) throws Exception {
    try {
      poll.get(500, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static void refusedAsUnknown(TestHttp.Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
    assertThat(answer.header("connection")).isEqualTo("close");
  }

  private static void gotAllOf(ScriptedPoller poller, FeedSession session) {
    List<Integer> numbers = poller.numbers();
    assertThat(session.transport()).isEqualTo(Transport.POLLING);
    assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
    assertThat(numbers).hasSizeGreaterThanOrEqualTo(session.owed());
    assertThat(session.owed()).isGreaterThanOrEqualTo(LastWords.TO_A_POLLER);
  }
}
