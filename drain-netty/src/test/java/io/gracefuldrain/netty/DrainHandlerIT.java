package io.gracefuldrain.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Goodbye;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.ReconnectHint;
import io.gracefuldrain.WorkGate;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.testing.Await;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes a channel's handler, without a network; the coordinator's time is real. */
class DrainHandlerIT {
  private final DrainCoordinator coordinator =
      DrainCoordinator.create(
          DrainPolicy.defaults()
              .withReadinessDelayMin(Duration.ofMillis(100))
              .withReadinessDelayMax(Duration.ofMillis(100))
              .withMoveWindow(Duration.ofSeconds(2))
              .withAffinityCookie("route,SERVERID")
              .withGoodbye(Goodbye.CLOSE)
              .withReceipt(DrainPolicy.Receipt.LOG));
  private final List<ReconnectHint> hints = new ArrayList<>();
  private final NettyDrain drain =
      NettyDrain.of(coordinator)
          .hinting(
              request -> request.uri().contains("drain=1"), (channel, hint) -> hints.add(hint));
  private final AtomicInteger inFlight = new AtomicInteger();
  private boolean work;
  private WorkLease lease;
  private WorkGate whose;
  private final EmbeddedChannel channel = new EmbeddedChannel(drain.handler(), new App());

  /** Notes how much is in flight while it handles anything. */
  private final class App extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      inFlight.set(coordinator.report().workInFlight());
      if (work) {
        lease = NettyDrain.connection(ctx.channel()).tryBegin("work");
      }
      whose = CurrentWork.gate();
      ctx.fireChannelRead(message);
    }
  }

  @BeforeEach
  void start() {
    coordinator.started();
  }

  @AfterEach
  void end() {
    if (lease != null) {
      lease.close();
    }
    channel.finishAndReleaseAll();
    coordinator.close();
  }

  @Test
  void opening_isAnsweredAndTracked_busyUntilItsEventsAreOver() {
    channel.writeInbound(opening("/ws"));
    assertThat(coordinator.report().connections()).isZero();
    AtomicInteger atAnswer = new AtomicInteger();
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext ctx, Object answer, ChannelPromise promise) {
                promise.addListener(told -> atAnswer.set(coordinator.report().workInFlight()));
                var unused = ctx.write(answer, promise);
              }
            });

    channel.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS));

    assertThat(atAnswer).hasValue(1);
    assertThat(coordinator.report().connections()).isOne();
    assertThat(coordinator.report().workInFlight()).isZero();
  }

  @Test
  void opening_thatTheApplicationRefuses_isNotTracked() {
    channel.writeInbound(opening("/elsewhere"));
    channel.writeOutbound(answer(HttpResponseStatus.NOT_FOUND));

    assertThat(coordinator.report().connections()).isZero();
    assertThatThrownBy(() -> NettyDrain.connection(channel))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("(expected: a WebSocket opened behind NettyDrain.handler())");
  }

  @Test
  void opening_withACookieThatLeadsHere_failsOnceItIsOpen() {
    drainTo(DrainPhase.MOVING);
    FullHttpRequest request = opening("/ws");
    request.headers().set(HttpHeaderNames.COOKIE, "a=route; route=a");
    request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==");

    channel.writeInbound(request);

    FullHttpResponse refusal = channel.readOutbound();
    assertThat(refusal.status().code()).isEqualTo(101);
    assertThat(refusal.headers().get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
        .as("as in RFC 6455")
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(refusal.headers().getAll(HttpHeaderNames.SET_COOKIE))
        .contains("route=; Max-Age=0; Path=/");
    assertThat(refusal.content().readUnsignedByte() & 0x70).as("reserved bits").isNotZero();
    assertThat(channel.isOpen()).isFalse();
    refusal.release();
  }

  @Test
  void letGo_byACloseFrame_getsItAsTheLastFrame() {
    channel.writeInbound(opening("/ws"));
    channel.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS));
    channel.writeOutbound(new TextWebSocketFrame("last"));
    channel.releaseOutbound();

    coordinator.drain(DrainReason.MANUAL);
    Await.until(
        "the end",
        () -> {
          channel.runPendingTasks();
          return !channel.isOpen();
        });

    assertThat(channel.<CloseWebSocketFrame>readOutbound())
        .satisfies(frame -> assertThat(frame.statusCode()).isEqualTo(1001))
        .satisfies(CloseWebSocketFrame::release);
  }

  @Test
  void opening_onceClientsAreLetGo_isRefused() {
    drainTo(DrainPhase.MOVING);

    channel.writeInbound(opening("/ws"));

    FullHttpResponse refusal = channel.readOutbound();
    assertThat(refusal.status().code()).isEqualTo(503);
    assertThat(refusal.headers().get(HttpHeaderNames.RETRY_AFTER)).isEqualTo("1");
    assertThat(refusal.headers().get(HttpHeaderNames.CONNECTION)).isEqualTo("close");
    assertThat(refusal.headers().getAll(HttpHeaderNames.SET_COOKIE))
        .containsExactly("route=; Max-Age=0; Path=/", "SERVERID=; Max-Age=0; Path=/");
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(coordinator.report().handshakesRefused()).isOne();
    refusal.release();
  }

  @Test
  void opening_withAQueryThatCannotBeDecoded_countsAsOneWithoutATicket() {
    channel.writeInbound(opening("/ws?ticket=%zz"));

    assertThat(channel.<Object>readInbound()).isInstanceOf(FullHttpRequest.class);
  }

  @Test
  void opening_thatCannotBeJudged_endsItsChannel() {
    NettyDrain failing =
        drain.hinting(
            request -> {
              throw new IllegalStateException("thrown by the application");
            },
            (to, hint) -> {});
    EmbeddedChannel judged = new EmbeddedChannel(failing.handler());
    FullHttpRequest request = opening("/ws");

    assertThatThrownBy(() -> judged.writeInbound(request)).hasMessage("thrown by the application");
    assertThat(judged.isOpen()).isFalse();
    assertThat(request.refCnt()).isZero();
  }

  @Test
  void answers_fromTheBeginningOfADrain_endTheirConnection() {
    channel.writeInbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    channel.writeOutbound(answer(HttpResponseStatus.OK));
    FullHttpResponse before = channel.readOutbound();
    assertThat(before.headers().contains(HttpHeaderNames.CONNECTION)).isFalse();
    assertThat(channel.isOpen()).isTrue();

    drainTo(DrainPhase.UNREADY);
    channel.writeInbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    var unused = channel.writeAndFlush(answer(HttpResponseStatus.OK), channel.voidPromise());

    FullHttpResponse after = channel.readOutbound();
    assertThat(after.headers().get(HttpHeaderNames.CONNECTION)).isEqualTo("close");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void message_isWorkInFlight_andAPingIsNot() {
    ConnectionHandle handle = open("/ws");

    channel.writeInbound(new TextWebSocketFrame("a"));
    assertThat(inFlight).hasValue(1);
    assertThat(handle.inFlight()).isZero();

    channel.writeInbound(new PingWebSocketFrame());
    assertThat(inFlight).hasValue(0);
    assertThat(channel.inboundMessages()).hasSize(2);
    channel.releaseInbound();
  }

  @Test
  void message_isHandledAsTheWorkOfItsClient() {
    ConnectionHandle handle = open("/ws");

    channel.writeInbound(new TextWebSocketFrame("a"));

    assertThat(whose).isSameAs(handle);
    assertThat(CurrentWork.gate()).isNull();
    channel.releaseInbound();
  }

  @Test
  void message_afterTheSeal_isDispatchedAllTheSame() {
    ConnectionHandle handle = open("/ws");
    drainTo(DrainPhase.MOVING);
    Await.until("the seal", handle::sealed);

    channel.writeInbound(new TextWebSocketFrame("a"));

    assertThat(inFlight).hasValue(1);
    assertThat(channel.inboundMessages()).hasSize(1);
    assertThat(handle.sealed()).as("once more").isTrue();
    channel.releaseInbound();
  }

  @Test
  void message_thatComesOnceTheGoodbyeHasBegun_isDropped_andItsClientIsClosed() throws Exception {
    ConnectionHandle handle = open("/ws");
    HeldWrite end = new HeldWrite();
    channel.pipeline().addFirst(end);
    CompletableFuture<DrainReport> drain =
        coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture();
    Await.until("its end", () -> runsUntil(end::held));

    TextWebSocketFrame held = sendFromBehindTheGoodbye("a message that a handler has held back");

    assertThat(inFlight).as("what the application has seen").hasValue(0);
    assertThat(held.refCnt()).isZero();
    assertThat(handle.sealed()).isTrue();
    end.release();
    Await.until("the channel's end", () -> runsUntil(() -> !channel.isOpen()));
    assertThat(drain.get(10, TimeUnit.SECONDS).count(Outcome.CLOSED)).isOne();
  }

  @Test
  void message_thatComesOnceTheGoodbyeHasBegun_keepsNobodyWhenTheDrainIsRecalled()
      throws Exception {
    open("/ws");
    HeldWrite end = new HeldWrite();
    channel.pipeline().addFirst(end);
    CompletableFuture<DrainReport> drain =
        coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture();
    Await.until("its end", () -> runsUntil(end::held));
    work = true;
    sendFromBehindTheGoodbye("work");

    coordinator.resume();

    DrainReport receipt = drain.get(10, TimeUnit.SECONDS);
    assertThat(receipt.count(Outcome.CLOSED)).isOne();
    assertThat(receipt.count(Outcome.KEPT)).isZero();
    end.release();
  }

  @Test
  void id_asReportsShowIt_differsFromChannelToChannel() {
    List<String> shown =
        Stream.generate(() -> new EmbeddedChannel(DefaultChannelId.newInstance(), drain.handler()))
            .limit(3)
            .peek(other -> other.writeInbound(opening("/ws")))
            .peek(other -> other.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS)))
            .map(other -> WebSocketConnection.on(other).id().substring(0, 8))
            .toList();

    assertThat(shown).doesNotHaveDuplicates();
  }

  /** Some handlers hold messages back. */
  private TextWebSocketFrame sendFromBehindTheGoodbye(String text) {
    TextWebSocketFrame frame = new TextWebSocketFrame(text);
    inFlight.set(0);
    channel.pipeline().context(HeldWrite.class).fireChannelRead(frame);
    return frame;
  }

  private boolean runsUntil(BooleanSupplier condition) {
    channel.runPendingTasks();
    return condition.getAsBoolean();
  }

  /** Holds back what is written, so that a goodbye takes long. */
  private static final class HeldWrite extends ChannelOutboundHandlerAdapter {
    private ChannelHandlerContext context;
    private Object message;
    private ChannelPromise promise;

    @Override
    public void write(ChannelHandlerContext ctx, Object written, ChannelPromise done) {
      context = ctx;
      message = written;
      promise = done;
    }

    boolean held() {
      return promise != null;
    }

    void release() {
      var unused = context.writeAndFlush(message, promise);
    }
  }

  @Test
  void message_ofAConnectionThatIsForced_isDroppedWithItsFragments() {
    ConnectionHandle handle = open("/ws");
    drainTo(DrainPhase.FORCING);
    Await.until("the seal", handle::sealed);

    List<WebSocketFrame> dropped =
        List.of(
            new TextWebSocketFrame("a"),
            new TextWebSocketFrame(false, 0, "b"),
            new ContinuationWebSocketFrame(true, 0, "c"));
    channel.writeInbound(dropped.toArray());

    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(dropped).allMatch(frame -> frame.refCnt() == 0);
  }

  @Test
  void hint_thatThrows_goesToTheChannel() {
    NettyDrain failing =
        drain.hinting(
            request -> true,
            (to, hint) -> {
              throw new NoClassDefFoundError("thrown by the application");
            });
    EmbeddedChannel hinted = new EmbeddedChannel(failing.handler());
    hinted.writeInbound(opening("/ws"));
    hinted.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS));
    WebSocketConnection connection = WebSocketConnection.on(hinted);

    connection.hint(new ReconnectHint("drain", Duration.ofSeconds(1), "t", null));

    assertThatThrownBy(
            () -> {
              hinted.runPendingTasks();
              hinted.checkException();
            })
        .isInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void hint_isSaidToAwareClients() {
    open("/ws?drain=1");
    drainTo(DrainPhase.MOVING);

    Await.until(
        "a hint",
        () -> {
          channel.runPendingTasks();
          return !hints.isEmpty();
        });
    assertThat(hints.get(0).reason()).isEqualTo("drain");
  }

  @Test
  void force_endsTheChannel() {
    open("/ws");

    WebSocketConnection.on(channel).close(CloseManner.FORCE, Duration.ZERO);
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
    assertThat(coordinator.report().connections()).isZero();
  }

  private ConnectionHandle open(String uri) {
    channel.writeInbound(opening(uri));
    channel.writeOutbound(answer(HttpResponseStatus.SWITCHING_PROTOCOLS));
    channel.runPendingTasks();
    channel.releaseInbound();
    channel.releaseOutbound();
    return NettyDrain.connection(channel);
  }

  private void drainTo(DrainPhase phase) {
    var unused = coordinator.drain(DrainReason.MANUAL);
    Await.until("the phase", () -> coordinator.phase().compareTo(phase) >= 0);
  }

  private static FullHttpRequest opening(String uri) {
    FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
    request.headers().set(HttpHeaderNames.CONNECTION, "Upgrade");
    request.headers().set(HttpHeaderNames.UPGRADE, "websocket");
    return request;
  }

  private static FullHttpResponse answer(HttpResponseStatus status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
  }
}
