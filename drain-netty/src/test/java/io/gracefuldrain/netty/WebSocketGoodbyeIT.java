package io.gracefuldrain.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a channel ends for its client, over real sockets. */
class WebSocketGoodbyeIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MEGABYTE = 1 << 20;

  private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final AtomicInteger dispatched = new AtomicInteger();
  private final Channel listener =
      new ServerBootstrap()
          .group(loops)
          .channel(NioServerSocketChannel.class)
          .childHandler(
              new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                  channel.pipeline().addLast(new App());
                  accepted.add(channel);
                }
              })
          .bind("127.0.0.1", 0)
          .syncUninterruptibly()
          .channel();

  private final class App extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      dispatched.incrementAndGet();
      ReferenceCountUtil.release(message);
    }
  }

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void slowReader_thatStillReads_getsAllAndAFin() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      queue(server, 16);

      sayGoodbye(server, LONG);

      assertThat(readSlowly(client)).isEqualTo(16 * MEGABYTE);
    }
  }

  @Test
  void deafClient_isClosed() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      queue(server, 16);

      sayGoodbye(server, LONG);

      Await.until("the end", () -> !server.isOpen());
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void clientThatNeverCloses_isClosed() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();

      sayGoodbye(server, LONG);

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      Await.until("the end", () -> !server.isOpen());
    }
  }

  @Test
  void timeThatIsUp_endsASlowReader() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      queue(server, 64);

      sayGoodbye(server, Duration.ofMillis(300));

      Await.until(
          "the end",
          () -> {
            read(client, 1 << 16);
            return !server.isOpen();
          });
    }
  }

  @Test
  void clientThatUploads_isNotReset_andNothingOfItIsDispatched() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      server.config().setAutoRead(false); // so that input waits when the goodbye begins
      queue(server, 1);
      client.getOutputStream().write(new byte[100_000]);

      sayGoodbye(server, LONG);

      assertThat(readSlowly(client)).isEqualTo(MEGABYTE);
      client.shutdownOutput();
      Await.until("the end", () -> !server.isOpen());
      assertThat(dispatched).hasValueLessThanOrEqualTo(1); // a read may have been under way
    }
  }

  @Test
  void clientThatSendsOnAfterTheEnd_isClosed() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();

      sayGoodbye(server, LONG);

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      Await.until(
          "the end",
          () -> {
            send(client);
            return !server.isOpen();
          });
    }
  }

  @Test
  void force_afterAGoodbye_endsAtOnce() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      queue(server, 16);

      sayGoodbye(server, LONG);
      server.eventLoop().submit(() -> WebSocketGoodbye.force(server)).sync();

      assertThat(server.isOpen()).isFalse();
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void clientThatReadsAllAndCloses_endsInOrder_andWhatItSendsIsDispatched() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      queue(server, 1);

      WebSocketGoodbye goodbye = sayGoodbyeThatHears(server);

      assertThat(readSlowly(client)).isEqualTo(MEGABYTE);
      client.getOutputStream().write(1);
      client.shutdownOutput();
      Await.until("the end", () -> !server.isOpen());
      assertThat(goodbye.outputEnded()).isTrue();
      assertThat(goodbye.orderly()).isTrue();
      assertThat(dispatched).hasValue(1);
    }
  }

  @Test
  void clientThatResets_doesNotEndInOrder() throws Exception {
    Channel server;
    WebSocketGoodbye goodbye;
    try (Socket client = connect()) {
      server = channel();
      goodbye = sayGoodbyeThatHears(server);
      Await.until("our end", () -> onLoop(server, goodbye::outputEnded));
      client.setSoLinger(true, 0);
    }
    Await.until("the end", () -> !server.isOpen());
    assertThat(onLoop(server, goodbye::orderly)).isFalse();
  }

  @Test
  void clientThatClosesBeforeOurEnd_doesNotEndInOrder() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      queue(server, 16);
      WebSocketGoodbye goodbye = sayGoodbyeThatHears(server);

      client.shutdownOutput(); // it reads nothing, so our end is still to come

      Await.until("the end", () -> !server.isOpen());
      assertThat(onLoop(server, goodbye::outputEnded)).isFalse();
      assertThat(onLoop(server, goodbye::orderly)).isFalse();
    }
  }

  @Test
  void clientThatNeverCloses_doesNotEndInOrder() throws Exception {
    try (Socket client = connect()) {
      Channel server = channel();
      WebSocketGoodbye goodbye = sayGoodbyeThatHears(server);

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      Await.until("the end", () -> !server.isOpen());
      assertThat(onLoop(server, goodbye::outputEnded)).isTrue();
      assertThat(onLoop(server, goodbye::orderly)).isFalse();
    }
  }

  private static WebSocketGoodbye sayGoodbyeThatHears(Channel channel) {
    return onLoop(
        channel,
        () -> {
          WebSocketGoodbye goodbye = WebSocketGoodbye.begin(channel, LONG);
          goodbye.passInput();
          goodbye.end();
          return goodbye;
        });
  }

  private static <T> T onLoop(Channel channel, Callable<T> question) {
    return channel.eventLoop().submit(question).syncUninterruptibly().getNow();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1 << 14);
    socket.setSoTimeout((int) Await.SOON.toMillis());
    int port = ((InetSocketAddress) listener.localAddress()).getPort();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private Channel channel() throws InterruptedException {
    Channel channel = accepted.poll(10, TimeUnit.SECONDS);
    assertThat(channel).isNotNull();
    Await.until("the channel", channel::isActive);
    return channel;
  }

  private static void queue(Channel channel, int megabytes) {
    for (int i = 0; i < megabytes; i++) {
      var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[MEGABYTE]));
    }
  }

  private static void sayGoodbye(Channel channel, Duration within) throws Exception {
    channel.eventLoop().submit(() -> WebSocketGoodbye.begin(channel, within).end()).sync();
  }

  /** Reads to the end, a quarter of a megabyte at a time, slower than a silence in all. */
  private static int readSlowly(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    int all = 0;
    while (true) {
      int read = in.readNBytes(MEGABYTE / 4).length;
      if (read == 0) {
        return all;
      }
      all += read;
      Await.staysSo("a pause", Duration.ofMillis(40), () -> true);
    }
  }

  private static void send(Socket client) {
    try {
      client.getOutputStream().write(1);
    } catch (IOException e) {
      // It was closed, as it should be.
    }
  }

  private static void read(Socket client, int most) {
    try {
      var unused = client.getInputStream().readNBytes(most);
    } catch (IOException e) {
      // It was cut, as it should be.
    }
  }
}
