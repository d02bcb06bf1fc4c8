package io.gracefuldrain.benchmarks.crowd;

import io.gracefuldrain.lab.raw.AskedProcess;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process with WebSocket servers on plain Netty that echo, one after the other: the later ones
 * run code that is compiled. Its argument is the {@link Way}. It answers lines of its input:
 *
 * <ul>
 *   <li>{@code open 10000}: the port of a new server with this window, in milliseconds
 *   <li>{@code end}: lets the clients of the last one go, in its way; how many were cut
 *   <li>{@code close}: closes the last one, and its channels
 *   <li>{@code collect}: collects garbage, so that all ways begin with the same heap
 *   <li>{@code cpu}: the {@link ProcessorUse}
 * </ul>
 *
 * <p>Upon SIGTERM it stops as Netty's users do.
 */
final class CrowdPod {
  private final EventLoopGroup loops = new NioEventLoopGroup();
  private final Way way;
  private @Nullable Server last;

  /** One of its servers. */
  private record Server(Duration window, Ending ending, OpenChannels channels, Channel listening) {}

  private CrowdPod(Way way) {
    this.way = way;
  }

  /** Runs until its input ends. */
  public static void main(String[] args) throws Exception {
    CrowdPod pod = new CrowdPod(Way.valueOf(args[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(pod::stop, "crowd-pod-stop"));
    pod.answerQuestions();
    System.exit(0);
  }

  /** What a server without a drain does in its shutdown hook. */
  private void stop() {
    var unused = loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
  }

  private void answerQuestions() throws IOException, InterruptedException {
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      System.out.println(AskedProcess.ANSWER + answer(line));
    }
  }

  private Object answer(String question) throws InterruptedException {
    String[] words = question.split(" ", -1);
    return switch (words[0]) {
      case "open" -> open(Duration.ofMillis(Long.parseLong(words[1])));
      case "end" -> last == null ? 0 : last.ending().end(last.window());
      case "close" -> close();
      case "collect" -> collect();
      case "cpu" -> ProcessorUse.ofThisProcess();
      default -> throw new IllegalArgumentException(question + " (expected: a known question)");
    };
  }

  private int open(Duration window) {
    OpenChannels channels = new OpenChannels();
    Ending ending = ending(window, channels);
    Channel listening =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Pipeline(ending, channels))
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    last = new Server(window, ending, channels, listening);
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  private String close() throws InterruptedException {
    Server server = last;
    if (server != null) {
      var unused = server.listening().close().awaitUninterruptibly(10_000);
      server.channels().close(Duration.ofSeconds(10));
      server.ending().close();
      last = null;
    }
    return "closed";
  }

  private static String collect() {
    System.gc();
    return "collected";
  }

  private Ending ending(Duration window, OpenChannels channels) {
    return switch (way) {
      case OURS -> new GracefulDrain(window);
      case NATS -> new NatsLameDuck(channels);
      case PHOENIX -> new PhoenixBatches(channels);
      case HAPROXY -> new HaproxySpread(channels);
      case STOP, SLEEP, KILL -> new ClosedAtOnce(channels);
    };
  }

  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final Ending ending;
    private final OpenChannels channels;

    Pipeline(Ending ending, OpenChannels channels) {
      this.ending = ending;
      this.channels = channels;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channels.addTo(channel.pipeline());
      channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536));
      ending.addTo(channel.pipeline());
      channel.pipeline().addLast(new WebSocketServerProtocolHandler("/ws", true), new Echo());
    }
  }

  private static final class Echo extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
      var unused = context.writeAndFlush(frame.retain(), context.voidPromise());
    }
  }
}
