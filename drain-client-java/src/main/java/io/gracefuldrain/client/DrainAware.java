package io.gracefuldrain.client;

import io.socket.client.IO;
import java.net.URI;

/**
 * Begin here: what {@link IO} is to the stock client. A socket from here tells the server that it
 * knows the reconnect hint. When the server asks it to move, it connects to the next pod before it
 * lets go of the old one. With a server that does not know the hint it is a stock client.
 * Thread-safe.
 *
 * <pre>{@code
 * AwareSocket socket =
 *     DrainAware.socket("https://chat.example.com", new IO.Options(), AwareOptions.defaults());
 * socket.on("news", args -> show(args[0]));
 * socket.connect();
 * }</pre>
 */
public final class DrainAware {
  private DrainAware() {}

  /** An aware socket with default options. Like a stock socket, it is not connected yet. */
  public static AwareSocket socket(String url) {
    return socket(url, new IO.Options(), AwareOptions.defaults());
  }

  /**
   * An aware socket. Like a stock socket, it is not connected yet: see {@link
   * AwareSocket#connect()}.
   *
   * @param url where to connect; its path is the namespace
   * @param io the stock client's options. Query, headers, {@code auth}, path and transports are
   *     read again at each connection, so a token can be refreshed in them. {@code forceNew} and
   *     {@code multiplex} are ignored, since an aware socket always has its own connections
   * @param aware the options of this client
   * @throws IllegalArgumentException if the client cannot connect to the address
   */
  public static AwareSocket socket(String url, IO.Options io, AwareOptions aware) {
    return socket(Address.parse("url", url), io, aware);
  }

  /**
   * An aware socket. Like a stock socket, it is not connected yet: see {@link
   * AwareSocket#connect()}.
   *
   * @param url where to connect; its path is the namespace
   * @param io the stock client's options, as above
   * @param aware the options of this client
   * @throws IllegalArgumentException if the client cannot connect to the address
   */
  public static AwareSocket socket(URI url, IO.Options io, AwareOptions aware) {
    return socket(url, io, aware, EventTimers.shared());
  }

  /** The same with another clock. */
  static AwareSocket socket(URI url, IO.Options io, AwareOptions aware, Timers timers) {
    return new Client(Target.of(url, io), aware, timers).socket(Address.namespace(url), aware);
  }
}
