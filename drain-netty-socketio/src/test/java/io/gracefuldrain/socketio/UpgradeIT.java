package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that change from long-polling to a WebSocket while they are let go. */
class UpgradeIT {
  private static final Pattern FEED = Pattern.compile("\\[\"feed\",\"[^\"]*\",(\\d+)\\]");

  @Test
  void letGo_inTheMiddleOfAnUpgradeThatEnds_everythingQueuedArrives() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("upgrading");
      WireSocket wire = probed(pod, poller);
      session.send(20);

      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING); // its slot has come
      wire.send("5");

      assertThat(wire.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
      List<Integer> numbers = numbers(poller, wire);
      assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
      assertThat(numbers).hasSizeGreaterThanOrEqualTo(session.owed());
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.tracked()).isOne();
      assertThat(report.count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_inTheMiddleOfAnUpgradeThatNeverEnds_isBounded() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      WireSocket wire = probed(pod, poller);

      DrainReport report = pod.drained();

      assertThat(wire.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
      assertThat(poller.poll().body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.moves().max()).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void upgrade_pollThatFollowsTheProbe_isEndedToo() throws Exception {
    // A client changes over when its poll ends. It may have begun a poll after the probe's answer.
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      WireSocket wire = probed(pod, poller);

      TestHttp.Answer answer = poller.pending().get(2, TimeUnit.SECONDS);

      assertThat(answer.body()).isEqualTo("6");
      wire.send("5");
      wire.send("42[\"upload\",\"upgraded\",1]");
      Await.until("the upload", () -> pod.uploads().has("upgraded", 1));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JS4_UPGRADE", "JS2_UPGRADE"})
  void upgrade_ofStockClientsThatAreSentNothing_isDone(ClientKind kind) throws Exception {
    // They wait for the end of their poll. As nothing is sent, the adapter has to end it.
    int each = 4;
    try (FeedServer pod = FeedServer.named("pod-a").start();
        NodeCrowd crowd = NodeCrowd.quiet("http://127.0.0.1:" + pod.port(), kind, each)) {
      Await.until(
          () -> each + " on a WebSocket, of " + pod.sessions(),
          Await.SOON,
          () ->
              pod.sessions().stream()
                      .filter(session -> session.transport() == Transport.WEBSOCKET)
                      .count()
                  == each);
      assertThat(pod.coordinator().report().connections()).isEqualTo(each);
      assertThat(crowd.end()).hasSize(each).allMatch(client -> client.away().isEmpty());
    }
  }

  private static FeedServer pod(boolean handsOver) {
    return FeedServer.named("pod-a")
        .policy(policy -> handsOver ? NextPod.keeps(policy) : policy)
        .start();
  }

  @ParameterizedTest
  @CsvSource({"false, EIO=4", "true, EIO=4", "true, EIO=4&drain-token=1"})
  void upgrade_whatIsSentAfterTheQueueWasEmptied_arrives(boolean handsOver, String query)
      throws Exception {
    try (FeedServer pod = pod(handsOver)) {
      AtomicReference<Runnable> then = new AtomicReference<>(() -> {});
      pod.tap().beforeTheEnd(() -> new Changing(then));
      ScriptedPoller poller = ScriptedPoller.connect(pod, query);
      FeedSession session = poller.joined().ready("upgrading");
      WireSocket wire = probed(pod, poller);
      then.set(() -> session.send(5));

      wire.send("5");

      wire.await("the last one", message -> message.endsWith(",4]"));
      assertThat(numbers(poller, wire)).isEqualTo(List.of(0, 1, 2, 3, 4));
    }
  }

  @ParameterizedTest
  @CsvSource({"false, EIO=4", "true, EIO=4", "true, EIO=4&drain-token=1"})
  void upgrade_senderThatHasSeenThePollBefore_isHeard(boolean handsOver, String query)
      throws Exception {
    try (FeedServer pod = pod(handsOver)) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, query);
      FeedSession session = poller.joined().ready("upgrading");
      WireSocket wire = probed(pod, poller);
      wire.send("5");
      Await.until("the upgrade", () -> session.transport() == Transport.WEBSOCKET);

      session.sendAsToAPoll();

      wire.await("it", message -> message.endsWith(",0]"));
    }
  }

  /**
   * Does something once, when the WebSocket has got what was queued for the poller, and before
   * netty-socketio says that the session is on the WebSocket.
   */
  private static final class Changing extends ChannelOutboundHandlerAdapter {
    private final AtomicReference<Runnable> then;

    Changing(AtomicReference<Runnable> then) {
      this.then = then;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      var unused = ctx.write(message, promise);
      if (message instanceof OutPacketMessage out
          && out.getTransport() == Transport.WEBSOCKET
          && out.getClientHead().getCurrentTransport() == Transport.POLLING
          && out.getClientHead().getPacketsQueue(Transport.POLLING)
              == out.getClientHead().getPacketsQueue(Transport.WEBSOCKET)) {
        then.getAndSet(() -> {}).run();
      }
    }
  }

  /** A WebSocket beside the poller: probed, but not in use yet. */
  static WireSocket probed(FeedServer pod, ScriptedPoller poller) throws Exception {
    WireSocket wire = WireSocket.open(pod.port(), poller.query().replace("transport=polling&", ""));
    wire.send("2probe");
    wire.await("the answer to the probe", "3probe"::equals);
    // The probe ends a pending poll with a NOOP. The client pauses its polling when it has that.
    while (!poller.packets().contains("6")) {
      poller.poll();
    }
    return wire;
  }

  static List<Integer> numbers(ScriptedPoller poller, WireSocket wire) {
    List<Integer> numbers = new ArrayList<>(poller.numbers());
    for (String message : wire.messages()) {
      Matcher feed = FEED.matcher(message);
      if (feed.find()) {
        numbers.add(Integer.valueOf(feed.group(1)));
      }
    }
    return numbers;
  }
}
