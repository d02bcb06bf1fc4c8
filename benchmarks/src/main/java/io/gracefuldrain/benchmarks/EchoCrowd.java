package io.gracefuldrain.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Clients of one echo server, on one thread. They send raw Engine.IO 4 frames over WebSockets, to
 * leave as much processor time as possible to the server. In a round of echoes, each client keeps
 * one event in flight, and sends the next one when its acknowledgement has come. In one of
 * broadcasts, the first client sends an event that all hear, and the next one when all have.
 */
final class EchoCrowd implements AutoCloseable {
  /** The result of a round: how many echoes or deliveries, in what time. */
  record Round(long echoes, long nanos, double p99Micros) {}

  private static final long PATIENCE_SECONDS = 20;
  private static final String TEXT =
      "a message such as people send each other, of a usual length.....";
  private static final ByteBuf EVENT = constant("427[\"echo\",\"" + TEXT + "\"]");
  private static final ByteBuf ACKNOWLEDGEMENT = constant("437[\"" + TEXT + "\"]");
  private static final ByteBuf BROADCAST = constant("42[\"all\",\"" + TEXT + "\"]");

  private final EventLoopGroup group =
      new NioEventLoopGroup(1, new DefaultThreadFactory("echo-client", true));
  private final List<Channel> channels = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  // Confined to the event loop.
  private boolean running;
  private boolean broadcasts;
  private long echoes;
  private Latencies latencies = new Latencies();
  private int inFlight;
  private long broadcastAt;
  private CompletableFuture<Void> quiet = new CompletableFuture<>();

  private EchoCrowd() {}

  private static ByteBuf constant(String text) {
    return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))
        .asReadOnly();
  }

  static EchoCrowd connect(int port, int size, boolean aware) throws Exception {
    EchoCrowd crowd = new EchoCrowd();
    try {
      for (int i = 0; i < size; i++) {
        Client client = crowd.new Client();
        client.channel = crowd.open(port, aware, client);
        crowd.channels.add(client.channel);
        crowd.clients.add(client);
        crowd.await(client.connected, 0);
      }
      return crowd;
    } catch (Exception e) {
      crowd.close();
      throw e;
    }
  }

  int size() {
    return channels.size();
  }

  private Channel open(int port, boolean aware, Client client) throws InterruptedException {
    WebSocketClientProtocolConfig webSocket =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(
                "ws://127.0.0.1:"
                    + port
                    + "/socket.io/?EIO=4&transport=websocket"
                    + (aware ? "&drain=1" : ""))
            .build();
    return new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(8192),
                        new WebSocketClientProtocolHandler(webSocket),
                        client);
              }
            })
        .connect("127.0.0.1", port)
        .sync()
        .channel();
  }

  /** Echoes for the given time, and waits for the last answers. */
  Round round(long nanos) throws Exception {
    return round(nanos, false);
  }

  /** Echoes or broadcasts for the given time, and waits for the last answers. */
  @SuppressWarnings("FutureReturnValueIgnored") // if a task fails, the round has no result
  Round round(long nanos, boolean broadcasting) throws Exception {
    CompletableFuture<Round> result = new CompletableFuture<>();
    group.execute(
        () -> {
          running = true;
          broadcasts = broadcasting;
          echoes = 0;
          latencies = new Latencies();
          inFlight = channels.size();
          quiet = new CompletableFuture<>();
          long begun = System.nanoTime();
          if (broadcasts) {
            broadcast();
          } else {
            clients.forEach(Client::echo);
          }
          group.schedule(
              () -> {
                running = false;
                Round round = new Round(echoes, System.nanoTime() - begun, latencies.p99Micros());
                quiet.thenRun(() -> result.complete(round));
              },
              nanos,
              TimeUnit.NANOSECONDS);
        });
    return await(result, nanos);
  }

  private <T> T await(CompletableFuture<T> future, long nanos) throws Exception {
    CompletableFuture.anyOf(future, failure)
        .get(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS) + nanos, TimeUnit.NANOSECONDS);
    return future.join();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10_000);
  }

  // A void promise reports failures to the pipeline's exceptionCaught.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void send(Channel channel, TextWebSocketFrame frame) {
    channel.writeAndFlush(frame, channel.voidPromise());
  }

  private void broadcast() {
    inFlight = channels.size();
    broadcastAt = System.nanoTime();
    send(channels.get(0), new TextWebSocketFrame(BROADCAST.duplicate()));
  }

  /** A client has heard what was sent to all. */
  private void heard() {
    echoes++;
    latencies.add(System.nanoTime() - broadcastAt);
    if (--inFlight > 0) {
      return;
    }
    if (running) {
      broadcast();
    } else {
      quiet.complete(null);
    }
  }

  private final class Client extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private @Nullable Channel channel;
    private long sentAt; // confined to the event loop

    private void echo() {
      sentAt = System.nanoTime();
      send(Objects.requireNonNull(channel), new TextWebSocketFrame(EVENT.duplicate()));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
      ByteBuf content = frame.content();
      if (ByteBufUtil.equals(content, ACKNOWLEDGEMENT)) {
        acknowledged();
        return;
      }
      if (ByteBufUtil.equals(content, BROADCAST)) {
        heard();
        return;
      }
      String text = frame.text();
      switch (text.substring(0, Math.min(2, text.length()))) {
        case "0{" -> send(context.channel(), new TextWebSocketFrame("40"));
        case "40" -> connected.complete(null);
        case "42" -> {} // the adapter's hello to aware clients
        case "2" -> send(context.channel(), new TextWebSocketFrame("3"));
        default ->
            throw new IllegalStateException(
                "frame: "
                    + text
                    + " (expected: open, connect, ping or the event's acknowledgement)");
      }
    }

    private void acknowledged() {
      echoes++;
      latencies.add(System.nanoTime() - sentAt);
      if (running) {
        echo();
      } else if (--inFlight == 0) {
        quiet.complete(null);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failure.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      failure.completeExceptionally(
          new IllegalStateException("connection closed (expected: open to the end)"));
    }
  }
}
