package io.gracefuldrain.sample.plan;

import io.gracefuldrain.lab.lean.BackOff;
import io.gracefuldrain.lab.options.CannotStart;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A crowd of raw WebSocket clients that come back elsewhere after the stock client's back-off. They
 * send nothing. One thread runs all of them, and its fields are confined to it.
 */
final class RealCrowd implements AutoCloseable {
  /** How many open their first connection at the same time. */
  private static final int AT_ONCE = 100;

  /**
   * How many come from one address. Linux gives half of its ports to connections without a search,
   * and with 14,000 connections from one address to one port each further one takes milliseconds.
   */
  private static final int OF_ONE_ADDRESS = 4_000;

  private static final String REQUEST =
      String.join(
          "\r\n",
          "GET /ws HTTP/1.1",
          "Host: 127.0.0.1",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "",
          "");
  private static final byte[] ACCEPTED = "HTTP/1.1 101".getBytes(StandardCharsets.US_ASCII);

  private final EventLoopGroup group =
      new NioEventLoopGroup(1, new DefaultThreadFactory("plan-crowd", true));
  private final EventLoop loop = group.next();
  private final SplittableRandom random;
  private final int size;
  private final CompletableFuture<Void> allThere = new CompletableFuture<>();
  private final CompletableFuture<Void> allBack = new CompletableFuture<>();

  private volatile int port;
  private int begun;
  private int there;
  private int back;
  private long startedAt;
  private long firstTook;
  private long halfAt;
  private long ratePer;
  // Moves are counted since the first end of a connection.
  private boolean moving;
  private long firstCut;
  private long lastCut;
  private int failedConnects;
  private final Curve arrivals = new Curve(Seen.STRETCH.toNanos());
  private final Times away = new Times();
  private final Times connects = new Times();

  RealCrowd(int size, long seed) {
    this.size = size;
    this.random = new SplittableRandom(seed);
  }

  /** How fast the first server took the crowd: what the simulation is told of a receiver. */
  record Arriving(double perSecond, Duration first) {}

  /** Connects everybody to a server. */
  Arriving connect(int first, Duration within) throws InterruptedException {
    port = first;
    loop.execute(
        () -> {
          startedAt = System.nanoTime();
          for (int i = 0; i < Math.min(AT_ONCE, size); i++) {
            begin();
          }
        });
    await(allThere, within, "connected");
    return new Arriving(ratePer, Duration.ofNanos(firstTook));
  }

  private void begin() {
    if (begun < size) {
      String from = "127.0.0." + (1 + begun / OF_ONE_ADDRESS);
      begun++;
      new RealClient(new InetSocketAddress(from, 0)).open();
    }
  }

  private void isThere() {
    there++;
    long now = System.nanoTime();
    if (there == 1) {
      firstTook = now - startedAt;
    }
    if (there == (size + 1) / 2) {
      halfAt = now;
    }
    if (there == size) {
      ratePer = (size - (size + 1) / 2) * TimeUnit.SECONDS.toNanos(1) / Math.max(1, now - halfAt);
      allThere.complete(null);
    }
    begin();
  }

  /** From now on those that are let go come back to another server. */
  void turnTo(int next) {
    port = next;
  }

  /** What the crowd felt, once everybody is back. */
  Sample moved(Duration within) throws InterruptedException {
    await(allBack, within, "back");
    Duration slots = Duration.ofNanos(lastCut - firstCut);
    return new Sample(back, failedConnects, slots, connects.spread(), away.spread(), arrivals);
  }

  private void await(CompletableFuture<Void> future, Duration within, String what)
      throws InterruptedException {
    try {
      future.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new CannotStart(
          "crowd: %s there, %s back of %s (expected: all %s within %s s)"
              .formatted(there, back, size, what, within.toSeconds()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    var unused = group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10_000);
  }

  /** One client. */
  private final class RealClient {
    private final BackOff backOff = new BackOff(random::nextDouble);
    private final InetSocketAddress from;
    private boolean returning;
    private long cutAt;
    private long triedAt;

    RealClient(InetSocketAddress from) {
      this.from = from;
    }

    void open() {
      triedAt = System.nanoTime();
      if (returning) {
        arrivals.add(triedAt - firstCut);
      }
      new Bootstrap()
          .group(loop)
          .channel(NioSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(
              new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                  channel.pipeline().addLast(new Wire(RealClient.this));
                }
              })
          .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), from)
          .addListener(
              (ChannelFutureListener)
                  connecting -> {
                    if (!connecting.isSuccess()) {
                      failed();
                    }
                  });
    }

    void accepted() {
      long now = System.nanoTime();
      backOff.reset();
      if (!returning) {
        isThere();
        return;
      }
      returning = false;
      connects.add(now - triedAt);
      away.add(now - cutAt);
      if (++back == size) {
        allBack.complete(null);
      }
    }

    void cut() {
      cutAt = System.nanoTime();
      firstCut = moving ? firstCut : cutAt;
      moving = true;
      lastCut = cutAt;
      returning = true;
      later();
    }

    void failed() {
      failedConnects++;
      later();
    }

    private void later() {
      if (!loop.isShuttingDown()) {
        var unused = loop.schedule(this::open, backOff.nextMs(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** A connection of a client. */
  private static final class Wire extends ChannelInboundHandlerAdapter {
    private final RealClient client;
    private int matched;
    private boolean refused;

    Wire(RealClient client) {
      this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      ByteBuf request = Unpooled.copiedBuffer(REQUEST, StandardCharsets.US_ASCII);
      var unused = context.writeAndFlush(request, context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf read = (ByteBuf) message;
      while (matched < ACCEPTED.length && !refused && read.isReadable()) {
        refused = read.readByte() != ACCEPTED[matched++];
        if (matched == ACCEPTED.length && !refused) {
          client.accepted();
        }
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (matched == ACCEPTED.length && !refused) {
        client.cut();
      } else {
        client.failed();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var unused = context.close(); // a reset; channelInactive follows
    }
  }
}
