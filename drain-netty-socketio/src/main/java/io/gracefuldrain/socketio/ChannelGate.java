package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.PacketsMessage;
import io.gracefuldrain.DrainCoordinator;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one channel which handshakes may pass, and which requests and packets of a session.
 * Holds a lease around all that it dispatches. Confined to the channel's event loop.
 */
final class ChannelGate extends ChannelDuplexHandler {
  private final ServerContext context;
  private final DrainCoordinator coordinator;
  private final Sessions sessions;
  private final SessionTracker tracker;
  private final Greeter greeter;

  private boolean closeAfterAnswer;

  ChannelGate(ServerContext context, Sessions sessions, SessionTracker tracker, Greeter greeter) {
    this.context = context;
    this.coordinator = context.coordinator();
    this.sessions = sessions;
    this.tracker = tracker;
    this.greeter = greeter;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof PacketsMessage packets) {
      dispatch(ctx, packets);
    } else if (message instanceof WebSocketFrame frame) {
      pass(ctx, frame);
    } else if (message instanceof FullHttpRequest request) {
      route(ctx, request);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  // ---------------------------------------------------------------- frames and packets

  private static void pass(ChannelHandlerContext ctx, WebSocketFrame frame) {
    Session session = Session.on(ctx.channel());
    if (session != null && session.deaf(ctx.channel())) {
      frame.release();
      return;
    }
    if (session != null && frame instanceof CloseWebSocketFrame) {
      session.goodbye();
    }
    ctx.fireChannelRead(frame);
  }

  private void dispatch(ChannelHandlerContext ctx, PacketsMessage packets) {
    Session sender = tracker.sender(packets.getClient(), ctx.channel());
    if (sender == null) {
      return; // it was still on its way when the session ended
    }
    if (!sender.enter()) {
      return; // sealed: not dispatched, so not acknowledged, and its sender keeps it
    }
    boolean overWebSocket = packets.getTransport() == Transport.WEBSOCKET;
    if (overWebSocket && sender.aware() && !sender.turns().idle()) {
      InTurn.packets(ctx, packets, sender, () -> dispatch(ctx, sender, packets));
    } else {
      dispatch(ctx, sender, packets);
    }
  }

  private void dispatch(ChannelHandlerContext ctx, Session sender, PacketsMessage packets) {
    try {
      greeter.beforeDispatch(sender);
      ctx.fireChannelRead(packets);
    } finally {
      sender.exit();
    }
    sender.dispatched();
    greeter.greet(sender);
  }

  // ---------------------------------------------------------------- requests

  private void route(ChannelHandlerContext ctx, FullHttpRequest request) {
    String uri = request.uri();
    boolean ours = uri.startsWith(context.path());
    closeAfterAnswer = ours || coordinator.phase().draining();
    if (!ours) {
      ctx.fireChannelRead(request);
      return;
    }
    QueryStringDecoder query = new QueryStringDecoder(uri);
    Map<String, List<String>> parameters = query.parameters();
    if (!query.path().equals(context.path())) {
      ctx.fireChannelRead(request);
    } else if (!parameters.containsKey("sid")) {
      handshake(ctx, request, first(parameters, "ticket"));
    } else {
      Session session = sessions.named(first(parameters, "sid"));
      if (session == null) {
        refuse(ctx, request);
      } else {
        Session.carry(ctx.channel(), session);
        pass(ctx, request, session, parameters);
      }
    }
  }

  private void handshake(
      ChannelHandlerContext ctx, FullHttpRequest request, @Nullable String ticket) {
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (!request.method().equals(HttpMethod.GET)) {
      // netty-socketio would begin a session for it, which nobody uses and nothing ends.
      request.release();
      if (request.method().equals(HttpMethod.OPTIONS)) {
        context.answers().preflight(ctx.channel(), origin);
      } else {
        context.answers().badHandshakeMethod(ctx.channel(), origin);
      }
      return;
    }
    if (coordinator.admit(ticket)) {
      ctx.fireChannelRead(request);
      return;
    }
    request.release();
    context.answers().refuseHandshake(ctx.channel(), origin);
  }

  /** A request of a living session: work in flight while it is handled, unless it is sealed. */
  private void pass(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      Session session,
      Map<String, List<String>> parameters) {
    boolean polling = "polling".equals(first(parameters, "transport"));
    if (!session.enter()) {
      if (session.ended()) {
        refuse(ctx, request);
      } else {
        passWhileLeaving(ctx, request, session, parameters, polling);
      }
      return;
    }
    if (polling && session.aware() && request.method().equals(HttpMethod.POST)) {
      if (!InTurn.upload(ctx, request, session)) {
        refuse(ctx, request);
      }
      return;
    }
    try {
      if (!polling) {
        session.upgrading(ctx.channel());
      } else if (request.method().equals(HttpMethod.GET)) {
        session.polling(ctx.channel());
      }
      ctx.fireChannelRead(request);
    } finally {
      session.exit();
    }
  }

  /** A request that came after the seal: the session's farewell answers it. */
  private void passWhileLeaving(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      Session session,
      Map<String, List<String>> parameters,
      boolean polling) {
    if (polling && request.method().equals(HttpMethod.GET)) {
      PollRequest.describe(ctx.channel(), request, parameters);
      request.release();
      session.pollWhileLeaving(ctx.channel());
    } else if (polling && request.method().equals(HttpMethod.POST)) {
      String origin = request.headers().get(HttpHeaderNames.ORIGIN);
      request.release();
      session.uploadWhileLeaving(ctx.channel(), origin);
    } else {
      refuse(ctx, request);
    }
  }

  private void refuse(ChannelHandlerContext ctx, FullHttpRequest request) {
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    request.release();
    if (request.method().equals(HttpMethod.OPTIONS)) {
      // The browser asks about a request that may still fetch the queued packets. If not, the
      // request is refused when it comes.
      context.answers().preflight(ctx.channel(), origin);
    } else {
      context.answers().unknownSession(ctx.channel(), origin);
    }
  }

  private static @Nullable String first(Map<String, List<String>> parameters, String name) {
    List<String> values = parameters.get(name);
    return values == null ? null : values.get(0);
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
    if (message instanceof HttpResponse response) {
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        var unused = ctx.write(message, promise);
        return;
      }
      Session session = Session.on(ctx.channel());
      if (session != null) {
        session.answering(ctx.channel());
      }
      if (closeAfterAnswer || HttpAnswers.endsByClose(response)) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
    }
    if (closeAfterAnswer && message instanceof LastHttpContent) {
      promise.unvoid().addListener(ChannelFutureListener.CLOSE);
    }
    var unused = ctx.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    Session session = Session.on(ctx.channel());
    if (session != null) {
      session.channelGone(ctx.channel());
    }
  }
}
