package io.gracefuldrain.lab.lean;

import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.results.ClientKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the lean clients of a crowd, which share a few event loops. */
public final class LeanClients implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final long STOP_MS = 2_000;

  private final EventLoopGroup loops =
      new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("probe-lean", true));
  private final URI url;
  private final InetSocketAddress server;
  private final int feedMs;
  private final LongSupplier clock;

  /**
   * @param server the address of the URL; looked up once, since a lookup blocks
   */
  public LeanClients(URI url, InetSocketAddress server, int feedMs, LongSupplier clock) {
    this.url = url;
    this.server = server;
    this.feedMs = feedMs;
    this.clock = clock;
  }

  /** Makes one, which is not yet connected. */
  public Client client(ClientKind kind, @Nullable InetAddress source, long seed, Account account) {
    EventLoop loop = loops.next();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Connection.CONNECT_MS)
            .remoteAddress(server);
    if (source != null) {
      bootstrap.localAddress(new InetSocketAddress(source, 0));
    }
    return new LeanClient(
        loop,
        (query, listener) -> transport(kind, bootstrap, query, listener),
        feedMs,
        kind,
        new Random(seed)::nextDouble,
        account,
        clock);
  }

  private Transport transport(
      ClientKind kind, Bootstrap bootstrap, String query, Transport.Listener listener) {
    if (!kind.overWebSocket()) {
      return new PollingTransport(bootstrap, url, query, listener);
    }
    return kind.beginsWithWebSocket()
        ? new WebSocketTransport(bootstrap, url, query, listener)
        : new UpgradeTransport(bootstrap, url, query, listener);
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * STOP_MS);
  }
}
