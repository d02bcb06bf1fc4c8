package io.gracefuldrain.sample.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.gracefuldrain.testing.Await;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A front before servers of this test, which decides what they say and when. */
class FrontIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MEBI = 1 << 20;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> journal = new CopyOnWriteArrayList<>();
  private FakePod one;
  private FakePod other;
  private Front front;
  private int port;

  /** A server and its readiness probe. */
  private static final class FakePod implements AutoCloseable {
    private final ServerSocket server;
    private final HttpServer management;
    private volatile boolean ready = true;

    FakePod() throws IOException {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      server.setSoTimeout(10_000);
      management = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      management.createContext(
          "/readyz",
          exchange -> {
            exchange.sendResponseHeaders(ready ? 200 : 503, -1);
            exchange.close();
          });
      management.start();
    }

    PodAddress address() {
      return new PodAddress("127.0.0.1", server.getLocalPort(), management.getAddress().getPort());
    }

    Socket accept() throws IOException {
      Socket accepted = server.accept();
      accepted.setSoTimeout(10_000);
      return accepted;
    }

    @Override
    public void close() throws IOException {
      server.close();
      management.stop(0);
    }
  }

  @BeforeEach
  void start() throws Exception {
    one = closing(new FakePod());
    other = closing(new FakePod());
    front =
        closing(
            new Front(List.of(one.address(), other.address()), Duration.ofHours(1), journal::add));
    port = front.start(0);
    awaitReady(one, true);
    awaitReady(other, true);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void connection_ownServerWithdrawn_goesToTheOther() throws Exception {
    connect();
    closing(one.accept());
    front.withdraw(one.address());
    assertThat(front.ready(one.address())).isFalse();
    connect();
    closing(other.accept());
    front.admit(one.address());
    front.withdraw(other.address());
    connect();
    closing(one.accept());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connection_oneSideEndsItsOutput_theOtherWayStaysOpen(boolean serverFirst) throws Exception {
    Socket client = connect();
    Socket server = closing(one.accept());
    Socket first = serverFirst ? server : client;
    Socket second = serverFirst ? client : server;
    write(first, "last words");
    first.shutdownOutput();
    assertThat(read(second)).isEqualTo("last words");
    write(second, "still here");
    second.shutdownOutput();
    assertThat(read(first)).isEqualTo("still here");
  }

  @Test
  void connection_serverDies_clientLearnsOfIt() throws Exception {
    Socket client = connect();
    Socket server = closing(one.accept());
    write(server, "!");
    assertThat(client.getInputStream().read()).isEqualTo('!');
    server.setSoLinger(true, 0); // a reset
    server.close();
    assertThat(client.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void connection_serverDoesNotRead_clientIsHeldBackAndNothingIsLost() throws Exception {
    int total = 64 * MEBI;
    SocketChannel client =
        closing(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    client.configureBlocking(false);
    Socket server = closing(one.accept());
    ByteBuffer chunk = ByteBuffer.allocate(MEBI);
    int[] written = {0};
    long[] movedAt = {System.nanoTime()};
    // Held back: nothing could be written for half a second.
    Await.until(
        "a client that is held back",
        SOON,
        () -> {
          int more = writeSome(client, chunk, total - written[0]);
          written[0] += more;
          if (more > 0) {
            movedAt[0] = System.nanoTime();
          }
          return System.nanoTime() - movedAt[0] > 500_000_000L;
        });
    assertThat(written[0]).isLessThan(total / 2);
    client.shutdownOutput();
    assertThat(server.getInputStream().skip(total)).isEqualTo(written[0]);
    assertThat(server.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void connection_podNoLongerReady_staysAndNewOnesGoElsewhere() throws Exception {
    Socket client = connect();
    Socket server = closing(one.accept());
    one.ready = false;
    awaitReady(one, false);
    Socket next = connect();
    write(next, "hello");
    next.shutdownOutput();
    assertThat(read(closing(other.accept()))).isEqualTo("hello");
    write(server, "still here");
    server.shutdownOutput();
    assertThat(read(client)).isEqualTo("still here");
  }

  @Test
  void connection_sameSource_staysWithItsPodWhateverTheLoad() throws Exception {
    for (int i = 0; i < 3; i++) {
      connect();
      closing(one.accept());
    }
    assertThat(journal).filteredOn(line -> line.contains("is ready")).hasSize(2);
  }

  @Test
  void connection_nobodyReady_isServedAllTheSame() throws Exception {
    one.ready = false;
    other.ready = false;
    awaitReady(one, false);
    awaitReady(other, false);
    Socket client = connect();
    Socket server = closing(one.accept());
    write(server, "last resort");
    server.close();
    assertThat(read(client)).isEqualTo("last resort");
  }

  @Test
  void connection_readyButRefusing_goesToTheNext() throws Exception {
    one.server.close();
    Socket client = connect();
    write(client, "hello");
    client.shutdownOutput();
    assertThat(read(closing(other.accept()))).isEqualTo("hello");
  }

  @Test
  void connection_nobodyAccepts_isClosedAndSaid() throws Exception {
    one.server.close();
    other.server.close();
    assertThat(connect().getInputStream().read()).isEqualTo(-1);
    assertThat(journal).last().asString().startsWith("no server accepts: ");
  }

  @Test
  void start_portTaken_throws() throws Exception {
    Front second = closing(new Front(List.of(one.address()), Duration.ZERO, journal::add));
    assertThatThrownBy(() -> second.start(port)).isInstanceOf(BindException.class);
  }

  private void awaitReady(FakePod pod, boolean ready) {
    String line = pod.address() + (ready ? " is ready" : " is not ready");
    Await.until(line, SOON, () -> journal.stream().anyMatch(each -> each.startsWith(line)));
  }

  private Socket connect() throws IOException {
    Socket socket = closing(new Socket(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  private static int writeSome(SocketChannel client, ByteBuffer chunk, int most) {
    chunk.clear().limit(Math.min(chunk.capacity(), most));
    try {
      return client.write(chunk);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
