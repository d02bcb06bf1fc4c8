package io.gracefuldrain.socketio;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A TCP forwarder in front of pods. A new connection goes to the door's current pod. If its first
 * request names a session, it goes to the pod of that session: the affinity that long-polling
 * needs. Half-closes and resets are passed on as they are.
 *
 * <p>A sticky door leads a connection by its cookie, if its request has one, whatever that pod
 * does: the affinity of a proxy that goes on leading to a pod that drains. It gives one to all
 * others.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // a failure in Netty ends its channel, and so the relay
final class Door implements AutoCloseable {
  private static final Pattern SESSION = Pattern.compile("[?&]sid=([0-9a-f-]{36})");

  private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
  private final @Nullable String cookie;
  private final List<FeedServer> pods;
  private final Channel listener;
  private volatile FeedServer open;

  Door(FeedServer... pods) {
    this(null, pods);
  }

  /** A sticky door. */
  static Door sticky(String cookie, FeedServer... pods) {
    return new Door(cookie, pods);
  }

  private Door(@Nullable String cookie, FeedServer... pods) {
    this.cookie = cookie;
    this.pods = List.of(pods);
    this.open = pods[0];
    this.listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel client) {
                    client.pipeline().addLast(new Entrance());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** From now on new connections go there. */
  void leadTo(FeedServer pod) {
    open = pod;
  }

  /** Where new connections go. */
  FeedServer open() {
    return open;
  }

  private static String name(FeedServer pod) {
    return pod.coordinator().policy().pod();
  }

  /** Whether a request's cookie leads to a pod. */
  private boolean leads(String request, FeedServer pod) {
    return cookie != null
        && request
            .lines()
            .filter(line -> line.regionMatches(true, 0, "cookie:", 0, 7))
            .anyMatch(line -> line.contains(cookie + "=" + name(pod)));
  }

  private FeedServer choose(String request) {
    for (FeedServer pod : pods) {
      if (leads(request, pod)) {
        return pod;
      }
    }
    Matcher session = SESSION.matcher(request);
    if (session.find()) {
      UUID id = UUID.fromString(session.group(1));
      for (FeedServer pod : pods) {
        if (pod.knows(id)) {
          return pod;
        }
      }
    }
    return open;
  }

  @Override
  public void close() {
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Waits for the first bytes, chooses a pod by them, and becomes one end of a relay. */
  private final class Entrance extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      Channel client = ctx.channel();
      client.config().setAutoRead(false);
      ByteBuf request = (ByteBuf) message;
      String head = request.toString(StandardCharsets.US_ASCII);
      FeedServer pod = choose(head);
      String header =
          cookie == null || leads(head, pod)
              ? ""
              : "Set-Cookie: " + cookie + "=" + name(pod) + "; Path=/\r\n";
      new Bootstrap()
          .group(client.eventLoop())
          .channel(NioSocketChannel.class)
          .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.AUTO_READ, false)
          .handler(new Relay(client, header))
          .connect("127.0.0.1", pod.port())
          .addListener(
              (ChannelFutureListener)
                  connected -> {
                    if (!connected.isSuccess()) {
                      request.release();
                      reset(client);
                      return;
                    }
                    ctx.pipeline().replace(this, "relay", new Relay(connected.channel(), ""));
                    connected.channel().writeAndFlush(request);
                    connected.channel().read();
                    client.read();
                  });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** Forwards the bytes of one side to the other, at the other's pace. */
  private static final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel other;
    private String header;

    /**
     * One end.
     *
     * @param header goes into the first answer, behind its first line
     */
    Relay(Channel other, String header) {
      this.other = other;
      this.header = header;
    }

    private Object withHeader(Object message) {
      ByteBuf answer = (ByteBuf) message;
      int line = answer.bytesBefore((byte) '\n') + 1;
      if (header.isEmpty() || line == 0) {
        return message;
      }
      ByteBuf added = Unpooled.copiedBuffer(header, StandardCharsets.US_ASCII);
      header = "";
      return Unpooled.wrappedBuffer(answer.readRetainedSlice(line), added, answer);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      other
          .writeAndFlush(withHeader(message))
          .addListener(
              written -> {
                if (written.isSuccess()) {
                  ctx.read();
                } else {
                  reset(ctx.channel());
                }
              });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        other
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(flushed -> halfClose((SocketChannel) other, ctx));
      }
    }

    private static void halfClose(SocketChannel channel, ChannelHandlerContext ctx) {
      channel.shutdownOutput();
      if (channel.isInputShutdown()) {
        channel.close();
        ctx.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (cause instanceof IOException) {
        reset(other);
      }
      ctx.close();
    }
  }

  private static void reset(Channel channel) {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }
}
