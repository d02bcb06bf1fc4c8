package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.PacketsMessage;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.netty.HttpAnswers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one channel which handshakes may pass, and which requests and packets of a session.
 * Holds a lease around all that it dispatches. Confined to the channel's event loop.
 */
final class ChannelGate extends ChannelDuplexHandler {
  private static final byte PACKET_SEPARATOR = 0x1e;

  private final ServerContext context;
  private final DrainCoordinator coordinator;
  private final Sessions sessions;
  private final SessionTracker tracker;

  // There is none until something is held, which is seldom.
  private @Nullable HeldMessages held;
  private boolean closeAfterAnswer;

  ChannelGate(ServerContext context, Sessions sessions, SessionTracker tracker) {
    this.context = context;
    this.coordinator = context.coordinator();
    this.sessions = sessions;
    this.tracker = tracker;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (context.detached()) {
      ctx.fireChannelRead(message);
    } else if (message instanceof PacketsMessage packets) {
      dispatch(ctx, packets);
    } else if (message instanceof WebSocketFrame frame) {
      pass(ctx, frame);
    } else if (message instanceof FullHttpRequest request) {
      route(ctx, request);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == HeldMessages.DECIDED) {
      held().tryAgain(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private HeldMessages held() {
    HeldMessages known = held;
    if (known == null) {
      known = new HeldMessages(this::channelRead);
      held = known;
    }
    return known;
  }

  // ---------------------------------------------------------------- frames and packets

  private static void pass(ChannelHandlerContext ctx, WebSocketFrame frame) {
    Session session = Session.on(ctx.channel());
    if (session != null && frame instanceof CloseWebSocketFrame) {
      session.goodbye();
    }
    ctx.fireChannelRead(frame);
  }

  private void dispatch(ChannelHandlerContext ctx, PacketsMessage packets) {
    Session sender = tracker.sender(packets.getClient(), ctx.channel());
    if (sender == null) {
      // It was still on its way when the session ended.
      if (packets.getTransport() == Transport.WEBSOCKET) {
        var unused = ctx.close();
      }
      return;
    }
    if (packets.getTransport() == Transport.WEBSOCKET) {
      dispatchFrame(ctx, sender, packets);
    } else if (sender.hears(ctx.channel())) {
      fire(ctx, sender, onHeap(packets)); // part of its upload, which has entered
    } else if (sender.enterUntilFarewell()) { // another handler took the upload past the gate
      dispatch(ctx, sender, onHeap(packets));
    }
  }

  private void dispatchFrame(ChannelHandlerContext ctx, Session sender, PacketsMessage packets) {
    if ((held != null && held.any()) || !sender.enterUntilFarewell()) {
      // Once its farewell has begun: not dispatched, so not acknowledged. It may go along.
      var unused =
          sender.sealed()
              ? sender.frameWhileLeaving(ctx.channel(), packets.getContent())
              : held().tryHold(ctx, packets);
    } else if (Connects.await(context, ctx, sender, packets)) {
      sender.exit(); // a lease keeps it
    } else if (sender.aware() && !sender.awareClient().turns().idle()) {
      InTurn.packets(ctx, packets, sender, () -> dispatch(ctx, sender, packets));
    } else {
      dispatch(ctx, sender, packets);
    }
  }

  /**
   * An upload of several packets, with its content on the heap. netty-socketio copies each packet
   * but the last, with the allocator of the content, and releases no copy.
   */
  private static PacketsMessage onHeap(PacketsMessage upload) {
    ByteBuf content = upload.getContent();
    if (content.bytesBefore(PACKET_SEPARATOR) < 0) {
      return upload;
    }
    return new PacketsMessage(
        upload.getClient(),
        Unpooled.wrappedBuffer(ByteBufUtil.getBytes(content)),
        upload.getTransport());
  }

  private static void dispatch(ChannelHandlerContext ctx, Session sender, PacketsMessage packets) {
    try {
      fire(ctx, sender, packets);
    } finally {
      sender.exit();
    }
  }

  private static void fire(ChannelHandlerContext ctx, Session sender, PacketsMessage packets) {
    sender.hear(ctx.channel(), () -> forward(ctx, sender, packets));
    sender.dispatched();
  }

  private static void forward(ChannelHandlerContext ctx, Session sender, PacketsMessage came) {
    PacketsMessage packets = Connects.any(came) ? Connects.dispatched(sender, came) : came;
    if (sender.aware() && LandedPackets.any(packets)) {
      LandedPackets.dispatch(
          packets, ctx::fireChannelRead, landed -> Greeter.landed(sender, landed));
    } else {
      ctx.fireChannelRead(packets);
    }
  }

  // ---------------------------------------------------------------- requests

  /**
   * Decides by what netty-socketio decides by: the decoded path for a handshake, and the query
   * alone for a request of a living session.
   */
  private void route(ChannelHandlerContext ctx, FullHttpRequest request) {
    RequestQuery query = RequestQuery.of(request.uri());
    if (query == null) {
      badRequest(ctx, request);
      return;
    }
    boolean handshakePath = query.path().equals(context.path());
    Session session =
        handshakePath || query.has("transport") ? sessions.named(query.first("sid")) : null;
    boolean ours = session != null || query.path().startsWith(context.path());
    closeAfterAnswer = ours || coordinator.phase().draining();
    if (session == null && !handshakePath) {
      ctx.fireChannelRead(request);
    } else if (!query.wellFormed()) {
      badRequest(ctx, request);
    } else if (session != null) {
      Session.carry(ctx.channel(), session);
      pass(ctx, request, session, query);
    } else if (query.has("sid")) {
      refuse(ctx, request);
    } else {
      handshake(ctx, request, query.first("ticket"));
    }
  }

  private void handshake(
      ChannelHandlerContext ctx, FullHttpRequest request, @Nullable String ticket) {
    if (!request.method().equals(HttpMethod.GET)) {
      // netty-socketio would begin a session for it, which nobody uses and nothing ends.
      String origin = release(request);
      if (request.method().equals(HttpMethod.OPTIONS)) {
        context.answers().preflight(ctx.channel(), origin);
      } else {
        context.answers().badHandshakeMethod(ctx.channel(), origin);
      }
      return;
    }
    if (coordinator.admit(ticket)) {
      tracker.handshake(ctx.channel(), request, () -> ctx.fireChannelRead(request));
      return;
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    context.answers().refuseHandshake(ctx.channel(), request, origin);
    request.release();
  }

  /** A request of a living session: work in flight while it is handled, until its farewell. */
  private void pass(
      ChannelHandlerContext ctx, FullHttpRequest request, Session session, RequestQuery query) {
    session.endIfOver();
    if (session.ended()) {
      refuse(ctx, request);
      return;
    }
    if (!session.enterUntilFarewell()) {
      if (session.ended()) {
        refuse(ctx, request); // it ended meanwhile
      } else if (session.sealed()) {
        passWhileLeaving(ctx, request, session, query);
      } else if (held().tryHold(ctx, request)) {
        seen(ctx);
      } else {
        refuse(ctx, request);
      }
      return;
    }
    boolean upload = query.polling() && request.method().equals(HttpMethod.POST);
    if (upload && Connects.await(context, ctx, session, request, rest -> channelRead(ctx, rest))) {
      seen(ctx);
      session.exit(); // a lease keeps it
      return;
    }
    if (upload && session.aware()) {
      seen(ctx);
      if (!InTurn.upload(ctx, request, session)) {
        refuse(ctx, request);
      }
      return;
    }
    try {
      if (!query.polling()) {
        session.upgrading(ctx.channel());
      } else if (request.method().equals(HttpMethod.GET)) {
        session.polling(ctx.channel());
      }
      session.hear(ctx.channel(), () -> ctx.fireChannelRead(request));
    } finally {
      session.exit();
    }
  }

  /** A request that came too late: the session's farewell answers it. */
  private void passWhileLeaving(
      ChannelHandlerContext ctx, FullHttpRequest request, Session session, RequestQuery query) {
    if (query.polling() && request.method().equals(HttpMethod.GET)) {
      seen(ctx);
      query.describePoll(ctx.channel(), request);
      request.release();
      session.pollWhileLeaving(ctx.channel());
    } else if (query.polling() && request.method().equals(HttpMethod.POST)) {
      seen(ctx);
      String origin = request.headers().get(HttpHeaderNames.ORIGIN);
      session.uploadWhileLeaving(ctx.channel(), origin, request.content());
      request.release();
    } else {
      refuse(ctx, request);
    }
  }

  /**
   * Tells netty-socketio that a channel has sent its request, which waits here. It would close the
   * channel otherwise, after its {@code firstDataTimeout}.
   */
  private static void seen(ChannelHandlerContext ctx) {
    ctx.fireChannelRead(SessionTracker.REQUEST_SEEN);
  }

  private void refuse(ChannelHandlerContext ctx, FullHttpRequest request) {
    String origin = release(request);
    if (request.method().equals(HttpMethod.OPTIONS)) {
      // The browser asks about a request that may still fetch the queued packets. If not, the
      // request is refused when it comes.
      context.answers().preflight(ctx.channel(), origin);
    } else {
      context.answers().unknownSession(ctx.channel(), origin);
    }
  }

  /** Answers what netty-socketio would neither answer nor release: it throws. */
  private void badRequest(ChannelHandlerContext ctx, FullHttpRequest request) {
    context.answers().badRequest(ctx.channel(), release(request));
  }

  /** Releases a request that goes no further; returns the origin that its answer is for. */
  private static @Nullable String release(FullHttpRequest request) {
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    request.release();
    return origin;
  }

  // ---------------------------------------------------------------- answers

  /**
   * Says {@code Connection: close} in answers that end their connection.
   *
   * <p>netty-socketio closes its connections after all answers except one kind, and says keep-alive
   * all the same. Clients that pool connections fail at random because of that. Once the lame duck
   * begins, answers of other handlers end their connection, too. Otherwise a browser's next
   * handshake would come back to this pod.
   */
  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (context.detached()) {
      var unused = ctx.write(message, promise);
      return;
    }
    if (message instanceof HttpResponse response) {
      Session session = Session.on(ctx.channel());
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        var unused = ctx.write(message, session == null ? promise : opening(ctx, session, promise));
        return;
      }
      if (session != null) {
        session.answering(ctx.channel());
      }
      if (closeAfterAnswer || EngineIoAnswers.endsByClose(response)) {
        HttpAnswers.sayLast(response);
      }
    }
    ChannelPromise written = promise;
    if (closeAfterAnswer && message instanceof LastHttpContent) {
      written = HttpAnswers.closeAfter(promise);
    }
    var unused = ctx.write(message, written);
  }

  /**
   * Notes a WebSocket. netty-socketio runs the connect listeners when this answer is written, which
   * may be later: the session is busy until they have run.
   */
  private static ChannelPromise opening(
      ChannelHandlerContext ctx, Session session, ChannelPromise answered) {
    session.opened(ctx.channel());
    if (!session.enter()) {
      return answered;
    }
    return answered
        .unvoid()
        .addListener(
            (Future<Void> done) -> {
              try {
                // behind those who wait for the answer
                ctx.executor().execute(() -> opened(ctx, session));
              } catch (RejectedExecutionException e) { // the server has stopped
                session.exit();
              }
            });
  }

  /** Those who waited for the answer have been told. What a WebSocket does not need goes. */
  private static void opened(ChannelHandlerContext ctx, Session session) {
    session.exit();
    remove(ctx.pipeline(), DrainChannelInitializer.TRACKER);
    if (!session.aware() && session.arrival() == null) {
      remove(ctx.pipeline(), DrainChannelInitializer.GREETER);
    }
  }

  private static void remove(ChannelPipeline pipeline, String handler) {
    if (pipeline.context(handler) != null) { // else the channel is closed
      pipeline.remove(handler);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Session session = Session.on(ctx.channel());
    if (session == null) {
      ctx.fireChannelInactive();
    } else {
      session.channelGone(ctx.channel(), ctx::fireChannelInactive);
    }
  }
}
