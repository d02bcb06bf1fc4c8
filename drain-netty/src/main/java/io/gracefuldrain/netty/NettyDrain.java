package io.gracefuldrain.netty;

import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.ReconnectHint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Drains the WebSockets of a Netty server. Each channel gets a {@link #handler}, after the HTTP
 * codec and before the handler that opens WebSockets:
 *
 * <pre>{@code
 * NettyDrain drain = NettyDrain.of(coordinator);
 * pipeline.addLast(
 *     new HttpServerCodec(),
 *     new HttpObjectAggregator(65536),
 *     drain.handler(),
 *     new WebSocketServerProtocolHandler("/ws", true), // with any query: a ticket comes in it
 *     new YourHandler());
 * }</pre>
 *
 * <p>From then on:
 *
 * <ul>
 *   <li>A request for a WebSocket asks {@link DrainCoordinator#admit}, with the ticket in its query
 *       parameter {@code ticket}. If it is refused, the answer is 503 with {@code Retry-After}.
 *   <li>A WebSocket is tracked from the moment its opening is answered. The handshake's events, and
 *       each message, are work in flight while the handlers that follow handle them. {@link
 *       #connection} has leases for work that outlives its handler.
 *   <li>It is let go by {@link WebSocketGoodbye}. The application hears of that by Netty's {@code
 *       ChannelOutputShutdownEvent}, and later by {@code channelInactive}.
 *   <li>From the beginning of a drain on, each HTTP answer ends its connection and says so.
 * </ul>
 *
 * <p>Immutable and thread-safe. Sharable by all channels of a server.
 */
public final class NettyDrain {
  private final DrainCoordinator coordinator;
  private final Predicate<HttpRequest> aware;
  private final BiConsumer<Channel, ReconnectHint> say;

  private NettyDrain(
      DrainCoordinator coordinator,
      Predicate<HttpRequest> aware,
      BiConsumer<Channel, ReconnectHint> say) {
    this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
    this.aware = Objects.requireNonNull(aware, "aware");
    this.say = Objects.requireNonNull(say, "say");
  }

  /** A drain of a server whose clients know no hints. */
  public static NettyDrain of(DrainCoordinator coordinator) {
    return new NettyDrain(coordinator, request -> false, (channel, hint) -> {});
  }

  /**
   * The same for a server some of whose clients know reconnect hints. Both functions are called on
   * the channel's event loop. What they throw goes to the channel's {@code exceptionCaught}; a
   * request that cannot be judged ends its channel.
   *
   * @param aware whether the client that sends this request knows hints. One that says so later
   *     uses {@link ConnectionHandle#aware}
   * @param say writes a hint to a channel, once. It is called again until {@link
   *     ConnectionHandle#heard}
   */
  public NettyDrain hinting(Predicate<HttpRequest> aware, BiConsumer<Channel, ReconnectHint> say) {
    return new NettyDrain(coordinator, aware, say);
  }

  /** A handler for one channel. */
  public ChannelHandler handler() {
    return new DrainHandler(this);
  }

  /**
   * The connection of a WebSocket: its leases, and what its client has said about hints. It stays
   * usable after the channel has closed.
   *
   * @throws IllegalStateException if the channel is no WebSocket that a {@link #handler} has seen
   *     opened
   */
  public static ConnectionHandle connection(Channel channel) {
    WebSocketConnection connection = WebSocketConnection.on(channel);
    if (connection == null) {
      throw new IllegalStateException(
          "channel "
              + channel.id()
              + " is not tracked (expected: a WebSocket opened behind NettyDrain.handler())");
    }
    return connection.handle();
  }

  DrainCoordinator coordinator() {
    return coordinator;
  }

  boolean aware(HttpRequest request) {
    return aware.test(request);
  }

  void say(Channel channel, ReconnectHint hint) {
    say.accept(channel, hint);
  }
}
