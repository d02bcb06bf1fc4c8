package io.gracefuldrain.netty;

import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainCoordinator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one channel which requests for a WebSocket may pass, tracks the WebSocket, and holds
 * a lease around each message. Confined to the channel's event loop.
 */
final class DrainHandler extends ChannelDuplexHandler {
  private final NettyDrain drain;
  private final DrainCoordinator coordinator;

  // The request that was admitted and is not answered yet.
  private boolean opening;
  private boolean openingAware;
  private boolean refused;
  private boolean lastAnswer;
  private boolean dropsContinuations;
  private @Nullable WebSocketConnection connection;

  DrainHandler(NettyDrain drain) {
    this.drain = drain;
    this.coordinator = drain.coordinator();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (connection != null) {
      pass(ctx, connection, message);
    } else if (refused) {
      ReferenceCountUtil.release(message); // sent behind the refused request
    } else if (message instanceof HttpRequest request && opensWebSocket(request)) {
      open(ctx, request);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  // ---------------------------------------------------------------- the handshake

  private static boolean opensWebSocket(HttpRequest request) {
    return request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  private void open(ChannelHandlerContext ctx, HttpRequest request) {
    if (!coordinator.admit(ticket(request))) {
      refused = true;
      ctx.writeAndFlush(
              HttpAnswers.refusal(ctx.alloc(), request, coordinator.policy().affinityCookies()))
          .addListener(ChannelFutureListener.CLOSE);
      ReferenceCountUtil.release(request);
      return;
    }
    try {
      openingAware = drain.aware(request);
      opening = true;
    } catch (Throwable e) { // the application's own
      refused = true;
      ReferenceCountUtil.release(request);
      ctx.fireExceptionCaught(e);
      var unused = ctx.close();
      return;
    }
    ctx.fireChannelRead(request);
  }

  /** The ticket in a request, or null if there is none, or none that can be read. */
  private static @Nullable String ticket(HttpRequest request) {
    try {
      List<String> tickets = new QueryStringDecoder(request.uri()).parameters().get("ticket");
      return tickets == null ? null : tickets.get(0);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  // ---------------------------------------------------------------- answers

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ChannelPromise written = promise;
    if (message instanceof HttpResponse response && response.status().code() >= 200) {
      opening = false;
      lastAnswer = coordinator.phase().draining();
      if (lastAnswer) {
        HttpAnswers.sayLast(response);
      }
    } else if (opening && switches(message)) {
      opening = false;
      written = track(ctx.channel(), promise.unvoid());
    }
    if (lastAnswer && message instanceof LastHttpContent) {
      written = HttpAnswers.closeAfter(written);
    }
    var unused = ctx.write(message, written);
  }

  private static boolean switches(Object message) {
    return message instanceof HttpResponse response
        && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
  }

  /** Tracks the WebSocket. It is busy until those who wait for the handshake have heard of it. */
  private ChannelPromise track(Channel channel, ChannelPromise answered) {
    WebSocketConnection opened =
        coordinator.register(
            handle -> new WebSocketConnection(drain, handle, channel, openingAware));
    connection = opened;
    return answered.addListener((Future<Void> done) -> later(channel, opened.handle()::exit));
  }

  /** Those who wait for the answer are told of it first. */
  private static void later(Channel channel, Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) { // the server has stopped: nobody is told any more
      task.run();
    }
  }

  // ---------------------------------------------------------------- messages

  private void pass(ChannelHandlerContext ctx, WebSocketConnection sender, Object message) {
    if (message instanceof CloseWebSocketFrame) {
      sender.goodbye();
    }
    if (!(message instanceof WebSocketFrame frame) || control(frame)) {
      ctx.fireChannelRead(message);
    } else {
      dispatch(ctx, sender, frame);
    }
  }

  private static boolean control(WebSocketFrame frame) {
    return frame instanceof CloseWebSocketFrame
        || frame instanceof PingWebSocketFrame
        || frame instanceof PongWebSocketFrame;
  }

  private void dispatch(
      ChannelHandlerContext ctx, WebSocketConnection sender, WebSocketFrame frame) {
    boolean restOfDropped = dropsContinuations && frame instanceof ContinuationWebSocketFrame;
    if (restOfDropped || !enter(sender)) {
      dropsContinuations = !frame.isFinalFragment();
      frame.release(); // it is let go or forced, or its time is nearly over
      return;
    }
    dropsContinuations = false;
    try {
      CurrentWork.during(sender.handle(), () -> ctx.fireChannelRead(frame));
    } finally {
      sender.handle().exit();
    }
  }

  /** What comes between the seal and the goodbye is dispatched, too. */
  private static boolean enter(WebSocketConnection sender) {
    ConnectionHandle handle = sender.handle();
    return handle.tryEnter() || (!sender.leaving() && handle.tryEnterLate());
  }
}
