package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
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
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One channel's gatekeeper: which handshakes and which sessions' requests may pass, and a lease
 * around all that is dispatched. Confined to the channel's event loop.
 */
final class ChannelGate extends ChannelDuplexHandler {
  private final Sessions sessions;
  private final DrainCoordinator coordinator;

  private @Nullable Session session;
  private boolean deaf;
  private boolean closeAfterAnswer;

  ChannelGate(Sessions sessions) {
    this.sessions = sessions;
    this.coordinator = sessions.coordinator();
  }

  /** The session that this channel carries. */
  void session(Session carried) {
    session = carried;
  }

  /** From now on nothing that arrives is dispatched: the session is being let go. */
  void deafen() {
    deaf = true;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof PacketsMessage packets) {
      dispatch(ctx, packets);
    } else if (message instanceof WebSocketFrame && deaf) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof FullHttpRequest request) {
      route(ctx, request);
    } else {
      if (message instanceof CloseWebSocketFrame && session != null) {
        session.goodbye();
      }
      ctx.fireChannelRead(message);
    }
  }

  // ---------------------------------------------------------------- packets

  private void dispatch(ChannelHandlerContext ctx, PacketsMessage packets) {
    ClientHead head = packets.getClient();
    Session carried = session;
    if (carried == null || carried.head() != head || carried.ended()) {
      carried = sessions.of(head, ctx.channel());
      session = carried;
    }
    if (carried == null) {
      return; // what was still on its way when the session ended
    }
    if (!carried.enter()) {
      return; // sealed: not dispatched, and so not acknowledged; its sender keeps it
    }
    Session sender = carried;
    boolean overWebSocket = packets.getTransport() == Transport.WEBSOCKET;
    if (overWebSocket && sender.aware() && !sender.turns().idle()) {
      InTurn.packets(ctx, packets, sender, () -> dispatch(ctx, sender, packets));
    } else {
      dispatch(ctx, sender, packets);
    }
  }

  private void dispatch(ChannelHandlerContext ctx, Session carried, PacketsMessage packets) {
    try {
      sessions.hints().beforeDispatch(carried);
      ctx.fireChannelRead(packets);
    } finally {
      carried.exit();
    }
    carried.dispatched();
    sessions.hints().greet(carried);
  }

  // ---------------------------------------------------------------- requests

  private void route(ChannelHandlerContext ctx, FullHttpRequest request) {
    String uri = request.uri();
    boolean ours = uri.startsWith(sessions.path());
    closeAfterAnswer = ours || coordinator.phase().draining();
    if (!ours) {
      ctx.fireChannelRead(request);
      return;
    }
    QueryStringDecoder query = new QueryStringDecoder(uri);
    Map<String, List<String>> parameters = query.parameters();
    if (!query.path().equals(sessions.path())) {
      ctx.fireChannelRead(request);
    } else if (!parameters.containsKey("sid")) {
      handshake(ctx, request, first(parameters, "ticket"));
    } else {
      Session named = named(first(parameters, "sid"));
      if (named == null) {
        refuse(ctx, request);
      } else {
        session = named;
        pass(ctx, request, named, parameters);
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
        sessions.answers().preflight(ctx.channel(), origin);
      } else {
        sessions.answers().badHandshakeMethod(ctx.channel(), origin);
      }
      return;
    }
    if (ticket == null ? coordinator.admits() : coordinator.admits(ticket)) {
      ctx.fireChannelRead(request);
      return;
    }
    coordinator.refused();
    request.release();
    sessions.answers().refuseHandshake(ctx.channel(), origin);
  }

  private @Nullable Session named(@Nullable String sid) {
    try {
      return sid == null ? null : sessions.get(UUID.fromString(sid));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A request of a living session: work in flight while it is handled, or else one that leaves. */
  private void pass(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      Session named,
      Map<String, List<String>> parameters) {
    boolean polling = "polling".equals(first(parameters, "transport"));
    if (!named.enter()) {
      if (polling && request.method().equals(HttpMethod.GET)) {
        PollRequest.describe(ctx.channel(), request, parameters);
        request.release();
        named.pollWhileLeaving(ctx.channel());
      } else if (polling && request.method().equals(HttpMethod.POST)) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        request.release();
        named.uploadWhileLeaving(ctx.channel(), origin);
      } else {
        refuse(ctx, request);
      }
      return;
    }
    if (polling && named.aware() && request.method().equals(HttpMethod.POST)) {
      if (!InTurn.upload(ctx, request, named)) {
        refuse(ctx, request);
      }
      return;
    }
    try {
      if (!polling) {
        named.upgrading(ctx.channel());
      } else if (request.method().equals(HttpMethod.GET)) {
        named.polling(ctx.channel());
      }
      ctx.fireChannelRead(request);
    } finally {
      named.exit();
    }
  }

  private void refuse(ChannelHandlerContext ctx, FullHttpRequest request) {
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    request.release();
    if (request.method().equals(HttpMethod.OPTIONS)) {
      // It is about a request that may yet fetch what is queued, or else is refused itself.
      sessions.answers().preflight(ctx.channel(), origin);
    } else {
      sessions.answers().unknownSession(ctx.channel(), origin);
    }
  }

  private static @Nullable String first(Map<String, List<String>> parameters, String name) {
    List<String> values = parameters.get(name);
    return values == null ? null : values.get(0);
  }

  // ---------------------------------------------------------------- answers

  /**
   * netty-socketio closes its connections after the answer, all but one kind, and says keep-alive
   * all the same, at which clients that pool connections fail at random. Other handlers' answers
   * are closed from the lame duck on, or a browser's next handshake would come back to this pod.
   */
  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        var unused = ctx.write(message, promise);
        return;
      }
      if (session != null) {
        session.answering(ctx.channel());
      }
      if (closeAfterAnswer || endsByClose(response)) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
    }
    if (closeAfterAnswer && message instanceof LastHttpContent) {
      promise.unvoid().addListener(ChannelFutureListener.CLOSE);
    }
    var unused = ctx.write(message, promise);
  }

  private static boolean endsByClose(HttpResponse response) {
    return response.status().code() >= 200
        && !response.status().equals(HttpResponseStatus.NO_CONTENT)
        && !response.status().equals(HttpResponseStatus.NOT_MODIFIED)
        && !HttpUtil.isContentLengthSet(response)
        && !HttpUtil.isTransferEncodingChunked(response);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    if (session != null) {
      session.channelGone(ctx.channel());
    }
  }
}
