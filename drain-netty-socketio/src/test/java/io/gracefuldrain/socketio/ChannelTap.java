package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.PacketsMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An initializer as a user would write it. Its handler notes the channel that each session uses:
 * its WebSocket, or its latest poll.
 */
final class ChannelTap extends DrainChannelInitializer {
  private final Map<UUID, Channel> channels = new ConcurrentHashMap<>();
  private final AtomicInteger uploads = new AtomicInteger();
  private volatile Consumer<FullHttpRequest> onRequest = request -> {};
  private volatile Supplier<ChannelHandler> last = ChannelInboundHandlerAdapter::new;
  private volatile Channel latestUpload;
  private volatile boolean uploadOnHeap;
  private volatile boolean slowAnswers;

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    pipeline.addFirst("slowAnswers", new SlowAnswers());
    pipeline.addBefore(GATE, "requests", new Requests());
    pipeline.addBefore(PACKET_HANDLER, "tap", new Handler());
    pipeline.addBefore(WRONG_URL_HANDLER, "last", last.get());
  }

  @Override
  protected void addSslHandler(ChannelPipeline pipeline) {
    super.addSslHandler(pipeline);
    if (pipeline.get(SslHandler.class) != null) {
      pipeline.addFirst("pastTls", new PastTls());
    }
  }

  /**
   * Takes packets past the SslHandler. Without this, netty-socketio 2.0.14 hears nothing over TLS
   * with its own version of Netty. It fires packets at the pipeline's head in the middle of a read.
   * The SslHandler of Netty 4.1.130 puts them off until their buffers are released
   * (mrniko/netty-socketio#1062).
   */
  private static final class PastTls extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof PacketsMessage) {
        ctx.pipeline().context(SslHandler.class).fireChannelRead(message);
      } else {
        ctx.fireChannelRead(message);
      }
    }
  }

  Channel channel(UUID session) {
    return channels.get(session);
  }

  /** Shows a test each request before the adapter sees it. */
  void onRequest(Consumer<FullHttpRequest> consumer) {
    onRequest = consumer;
  }

  /** A handler of the application's own, for requests that are not Socket.IO's. */
  void beforeTheEnd(Supplier<ChannelHandler> handler) {
    last = handler;
  }

  /** How many uploads have come. */
  int uploads() {
    return uploads.get();
  }

  Channel latestUpload() {
    return latestUpload;
  }

  /** Whether the content of the latest upload was dispatched on the heap. */
  boolean uploadOnHeap() {
    return uploadOnHeap;
  }

  /** Later answers go out in a later task of the event loop, as on a busy machine. */
  void slowAnswers() {
    slowAnswers = true;
  }

  private final class SlowAnswers extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (slowAnswers) {
        ctx.executor().execute(() -> later(ctx, message, promise));
      } else {
        var unused = ctx.write(message, promise);
      }
    }

    private static void later(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      var unused = ctx.writeAndFlush(message, promise);
    }
  }

  private final class Requests extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof FullHttpRequest request) {
        onRequest.accept(request);
        if (request.method().equals(HttpMethod.POST)) {
          latestUpload = ctx.channel();
          uploads.incrementAndGet();
        }
      }
      ctx.fireChannelRead(message);
    }
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof FullHttpRequest request && request.method().equals(HttpMethod.GET)) {
        List<String> sid = new QueryStringDecoder(request.uri()).parameters().get("sid");
        if (sid != null) {
          channels.put(UUID.fromString(sid.get(0)), ctx.channel());
        }
      } else if (message instanceof PacketsMessage packets
          && packets.getTransport() == Transport.WEBSOCKET) {
        channels.put(packets.getClient().getSessionId(), ctx.channel());
      } else if (message instanceof PacketsMessage packets) {
        uploadOnHeap = !packets.getContent().isDirect();
      }
      ctx.fireChannelRead(message);
    }
  }
}
