package io.gracefuldrain.client;

import io.socket.client.IO;
import java.net.URI;

/**
 * The entry: what {@link IO} is to a stock client. A socket from here says in its handshake that it
 * knows the reconnect hint, and moves make-before-break when a server asks it to. With a server
 * that does not know the hint it is a stock client. Thread-safe.
 */
public final class DrainAware {
  private DrainAware() {}

  /** An aware socket with the client's default options; like a stock one it is yet to connect. */
  public static AwareSocket socket(String url) {
    return socket(url, new IO.Options(), AwareOptions.defaults());
  }

  /**
   * An aware socket; like a stock one it is yet to {@link AwareSocket#connect()}.
   *
   * @param url where to connect; its path is the namespace
   * @param io the client's own options. They are copied; {@code forceNew} and {@code multiplex} are
   *     not looked at, since an aware socket always has connections of its own
   * @param aware how to be aware
   * @throws IllegalArgumentException if the address is none
   */
  public static AwareSocket socket(String url, IO.Options io, AwareOptions aware) {
    return socket(Target.uri("url", url), io, aware);
  }

  /**
   * An aware socket; like a stock one it is yet to {@link AwareSocket#connect()}.
   *
   * @param url where to connect; its path is the namespace
   * @param io the client's own options, as above
   * @param aware how to be aware
   * @throws IllegalArgumentException if the address is none
   */
  public static AwareSocket socket(URI url, IO.Options io, AwareOptions aware) {
    return socket(url, io, aware, EventTimers.shared());
  }

  /** The same by another clock. */
  static AwareSocket socket(URI url, IO.Options io, AwareOptions aware, Timers timers) {
    return new Client(Target.of(url, io), aware.overlap(), timers)
        .sockets()
        .of(Target.namespace(url), aware);
  }
}
