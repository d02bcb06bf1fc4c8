package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects clients over loopback before the application's server starts. A JVM that has just
 * started loads and interprets all that a handshake runs through, and the first clients that land
 * on the pod would wait for that.
 *
 * <p>They connect to a server that stands in for the application's: of the same classes, with this
 * adapter, and with a coordinator, a port and listeners of its own. So no listener, no metric and
 * no receipt of the application sees them. What is the application's own stays cold, and so do TLS
 * and compression.
 */
final class WarmUp {
  /** As many as it takes until the JVM has compiled what each of them calls once. */
  static final int MOST = 300;

  /** Each of so many begins by long-polling. */
  private static final int POLLING = 5;

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private final Configuration served;
  private final Duration within;
  private final BiFunction<SocketIOServer, ServerContext, Runnable> attach;

  /**
   * A warm-up that has not begun.
   *
   * @param served the configuration of the application's server
   * @param within after what time it ends at the latest; zero: it does not begin
   * @param attach attaches the server that stands in, and says how it is stopped
   */
  WarmUp(
      Configuration served,
      Duration within,
      BiFunction<SocketIOServer, ServerContext, Runnable> attach) {
    this.served = served;
    this.within = within;
    this.attach = attach;
  }

  /** Warms up on the caller's thread; returns how many clients have connected. Throws nothing. */
  int run() {
    if (within.isZero()) {
      return 0;
    }
    long began = System.nanoTime();
    int[] connected = new int[1];
    try {
      standIn(address -> connect(address, began + within.toNanos(), connected));
      LOG.info(
          "DRAIN-090 warmed up by {} connections in {} ms",
          connected[0],
          (System.nanoTime() - began) / 1_000_000);
    } catch (Exception | LinkageError e) {
      LOG.warn(
          "DRAIN-091 the warm-up has ended early, after {} connections; the first clients may wait"
              + " longer",
          connected[0],
          e);
    }
    return connected[0];
  }

  /** What happens while the other server is there. */
  private interface Visit {
    void at(InetSocketAddress address) throws IOException;
  }

  private void standIn(Visit visit) throws IOException {
    InetSocketAddress address = freeAddress();
    SocketIOServer server = new SocketIOServer(configuration(address));
    server.addConnectListener(client -> client.joinRoom("warm-up"));
    server.addEventListener(
        "warm-up",
        Map.class,
        (client, said, ack) -> {
          server.getRoomOperations("warm-up").sendEvent("warm-up", said);
          ack.sendAckData(said);
        });
    DrainPolicy silent = DrainPolicy.defaults().withTerminationLog("");
    try (DrainCoordinator nobodys = DrainCoordinator.create(silent)) {
      ServerContext context = new ServerContext(nobodys, true, new Rehearsal.NoTokens(false));
      Runnable stop = attach.apply(server, context);
      LOG.info("DRAIN-092 warming up: a server of the drain's own listens on {}", address);
      server.start();
      try {
        visit.at(address);
      } finally {
        ServerInternals.endLoops(server);
        stop.run();
      }
    }
  }

  private static InetSocketAddress freeAddress() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
      return new InetSocketAddress(loopback, free.getLocalPort());
    }
  }

  private Configuration configuration(InetSocketAddress address) {
    Configuration configuration = new Configuration();
    configuration.setHostname(address.getAddress().getHostAddress());
    configuration.setPort(address.getPort());
    configuration.setRandomSession(true);
    configuration.setTransports(served.getTransports().toArray(new Transport[0]));
    configuration.setUseLinuxNativeEpoll(served.isUseLinuxNativeEpoll());
    configuration.setBossThreads(1);
    configuration.setWorkerThreads(1);
    configuration.getSocketConfig().setReuseAddress(true);
    return configuration;
  }

  private void connect(InetSocketAddress address, long ends, int[] connected) throws IOException {
    try {
      while (connected[0] < MOST) {
        LoopbackClient client = new LoopbackClient(address, ends);
        if (polls(connected[0])) {
          client.poll();
        } else {
          client.webSocket();
        }
        connected[0]++;
      }
    } catch (SocketTimeoutException e) {
      LOG.debug("the warm-up had no more time", e);
    }
  }

  private boolean polls(int number) {
    List<Transport> transports = served.getTransports();
    return transports.contains(Transport.POLLING)
        && (number % POLLING == 0 || !transports.contains(Transport.WEBSOCKET));
  }
}
