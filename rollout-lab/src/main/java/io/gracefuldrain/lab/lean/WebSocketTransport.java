package io.gracefuldrain.lab.lean;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Engine.IO over one WebSocket. */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
final class WebSocketTransport implements Transport {
  private static final int MOST_BYTES = 1 << 20;

  private final Bootstrap bootstrap;
  private final URI address;
  private final Listener listener;
  private @Nullable Channel channel;
  private boolean over;
  private Runnable opened = () -> {};

  WebSocketTransport(Bootstrap bootstrap, URI url, String query, Listener listener) {
    this.bootstrap = bootstrap;
    this.address =
        URI.create(
            "ws://" + url.getRawAuthority() + "/socket.io/?EIO=4&transport=websocket&" + query);
    this.listener = listener;
  }

  /** Says what to do as soon as it is open. */
  void opened(Runnable then) {
    opened = then;
  }

  @Override
  public void open() {
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel each) {
                    each.pipeline()
                        .addLast(new HttpClientCodec())
                        .addLast(new HttpObjectAggregator(MOST_BYTES))
                        .addLast(new WebSocketClientProtocolHandler(config()))
                        .addLast(new WebSocketFrameAggregator(MOST_BYTES))
                        .addLast(new Frames());
                  }
                })
            .connect();
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            end("websocket error");
          }
        });
  }

  private WebSocketClientProtocolConfig config() {
    return WebSocketClientProtocolConfig.newBuilder()
        .webSocketUri(address)
        .maxFramePayloadLength(MOST_BYTES)
        .handshakeTimeoutMillis(Connection.CONNECT_MS)
        .build();
  }

  @Override
  public void send(String packet) {
    if (!over && channel != null) {
      channel.writeAndFlush(new TextWebSocketFrame(packet), channel.voidPromise());
    }
  }

  @Override
  public void send(byte[] attachment) {
    if (!over && channel != null) {
      channel.writeAndFlush(
          new BinaryWebSocketFrame(Unpooled.wrappedBuffer(attachment)), channel.voidPromise());
    }
  }

  @Override
  public void close() {
    over = true;
    if (channel == null) {
      return;
    }
    Channel closing = channel;
    if (closing.isActive() && closing.pipeline().get(HttpClientCodec.class) == null) {
      closing
          .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
          .addListener(done -> closing.close());
    } else {
      closing.close();
    }
  }

  private void end(String reason) {
    if (!over) {
      over = true;
      listener.ended(this, reason);
    }
  }

  private final class Frames extends SimpleChannelInboundHandler<WebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      if (!over && frame instanceof TextWebSocketFrame text) {
        listener.received(WebSocketTransport.this, text.text());
      } else if (!over && frame instanceof BinaryWebSocketFrame binary) {
        listener.received(WebSocketTransport.this, ByteBufUtil.getBytes(binary.content()));
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        opened.run();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end("transport close");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A connection that is reset is no error to the stock client, only an end.
      end(cause instanceof IOException ? "transport close" : "transport error");
      context.close();
    }
  }
}
