package io.gracefuldrain.sample.plan;

import com.sun.management.OperatingSystemMXBean;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.lab.raw.AskedProcess;
import io.gracefuldrain.netty.NettyDrain;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket server on plain Netty that drains, in a process of its own. It prints its port, and
 * then an answer to each line that it reads: to {@code cpu} the nanoseconds of processor time that
 * it has used, to {@code drain} its receipt as JSON. It ends when its input ends.
 */
final class RealServer extends ChannelInitializer<SocketChannel> {
  private final NettyDrain drain;

  private RealServer(DrainCoordinator coordinator) {
    drain = NettyDrain.of(coordinator);
  }

  /** Has no arguments; its settings are in the environment. */
  public static void main(String[] args) throws IOException {
    DrainPolicy policy =
        DrainPolicy.fromEnvironment()
            .withReceipt(DrainPolicy.Receipt.LOG)
            .withTerminationLog("")
            .withBudgetCheck(DrainPolicy.BudgetCheck.WARN);
    DrainCoordinator coordinator = DrainCoordinator.create(policy);
    Channel server =
        new ServerBootstrap()
            .group(new NioEventLoopGroup())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childHandler(new RealServer(coordinator))
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    coordinator.started();
    answer(((InetSocketAddress) server.localAddress()).getPort());
    answerQuestions(coordinator);
    System.exit(0);
  }

  private static void answerQuestions(DrainCoordinator coordinator) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals("drain")) {
        String receipt =
            coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture().join().toJson();
        answer(receipt);
      } else {
        answer(system.getProcessCpuTime());
      }
    }
  }

  private static void answer(Object answer) {
    System.out.println(AskedProcess.ANSWER + answer);
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(65_536),
            drain.handler(),
            new WebSocketServerProtocolHandler("/ws", true));
  }
}
