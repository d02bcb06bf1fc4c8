package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The modelled Service before servers of this test, with what may stand around it. */
class ServiceIT {
  private static final long SOON_MS = 20_000;
  private static final String GET = "GET /socket.io/ HTTP/1.1\r\nHost: x\r\n";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<List<String>> obeyed = new LinkedBlockingQueue<>();
  private FakePod old;
  private FakePod next;
  private int port;

  /** Answers the first line of each connection with its name, and then echoes. */
  private static final class FakePod implements AutoCloseable {
    private final String name;
    private final ServerSocket server;

    FakePod(String name) throws IOException {
      this.name = name;
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(this::serve, "fake-" + name);
      thread.setDaemon(true);
      thread.start();
    }

    private void serve() {
      while (true) {
        try {
          Socket client = server.accept();
          BufferedReader lines = reader(client);
          lines.readLine();
          write(client, "HTTP/1.1 200 OK\r\nX-Pod: " + name + "\r\n\r\n");
        } catch (SocketException e) {
          return; // closed
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    Endpoint endpoint(boolean terminating) {
      return new Endpoint(name, server.getLocalPort(), true, terminating);
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  @BeforeEach
  void pods() throws IOException {
    old = closing(new FakePod("old"));
    next = closing(new FakePod("next"));
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void sticky_cookieOfATerminatingPod_leadsThereForAsLongAsItAccepts() throws Exception {
    Service service = start(new Surroundings(true, Duration.ZERO, null));
    service.changed(List.of(old.endpoint(false)));
    awaitObeyed("old");
    assertThat(ask(null)).contains("X-Pod: old", "Set-Cookie: lab-pod=old; Path=/");

    service.changed(List.of(old.endpoint(true), next.endpoint(false)));
    awaitObeyed("next");
    assertThat(ask("lab-pod=old")).contains("X-Pod: old").doesNotContain("Set-Cookie");
    assertThat(ask(null)).contains("X-Pod: next", "Set-Cookie: lab-pod=next; Path=/");
    assertThat(ask("lab-pod=gone")).contains("X-Pod: next", "Set-Cookie: lab-pod=next; Path=/");

    old.close();
    assertThat(ask("lab-pod=old")).contains("X-Pod: next", "Set-Cookie: lab-pod=next; Path=/");
  }

  @Test
  void balancerLag_podThatLeft_stillGetsConnections() throws Exception {
    leave(Duration.ofMinutes(5));
    awaitObeyed("old");
    assertThat(ask(null)).contains("X-Pod: old");
  }

  @Test
  void balancerLag_over_podGetsNoMoreConnections() throws Exception {
    leave(Duration.ofMillis(100));
    awaitObeyed("old");
    awaitObeyed();
    assertThatThrownBy(() -> ask(null)).isInstanceOf(IOException.class);
  }

  /** Only one pod, which goes, so that each connection says whether it still gets any. */
  private void leave(Duration lag) throws InterruptedException {
    Service service = start(new Surroundings(false, lag, null));
    service.changed(List.of(old.endpoint(false)));
    awaitObeyed("old");
    service.changed(List.of(new Endpoint("old", old.server.getLocalPort(), false, true)));
  }

  @Test
  void sidecar_ended_breaksConnectionsAndRefusesNewOnes() throws Exception {
    int free = new FreePorts().next();
    Sidecar sidecar = closing(new Sidecar("old", free, old.server.getLocalPort()));
    sidecar.start();
    Socket client = connect(free);
    write(client, GET + "\r\n");
    BufferedReader answer = reader(client);
    assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(answer.readLine()).isEqualTo("X-Pod: old");
    assertThat(answer.readLine()).isEmpty();
    CountDownLatch ended = new CountDownLatch(1);
    sidecar.endAfter(Duration.ofMillis(1), ended::countDown);
    assertThat(ended.await(SOON_MS, TimeUnit.MILLISECONDS)).isTrue();
    assertThat(readsToTheEnd(answer)).isTrue();
    // The JDK lets go of a listening socket in its selector's next turn.
    Await.until("connections are refused", () -> refuses(free));
    assertThat(connect(old.server.getLocalPort()).isConnected()).isTrue();
  }

  private boolean refuses(int port) {
    try {
      connect(port).close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** The end may be a reset. */
  private static boolean readsToTheEnd(BufferedReader from) throws IOException {
    try {
      return from.readLine() == null;
    } catch (SocketException e) {
      return true;
    }
  }

  private Service start(Surroundings surroundings) throws InterruptedException {
    Service service =
        closing(
            new Service(
                false,
                DelayRange.parse("1ms"),
                surroundings,
                1,
                endpoints -> obeyed.add(endpoints.stream().map(Endpoint::pod).toList())));
    port = service.start();
    return service;
  }

  private void awaitObeyed(String... pods) throws InterruptedException {
    assertThat(obeyed.poll(SOON_MS, TimeUnit.MILLISECONDS)).containsExactly(pods);
  }

  /** The whole answer to a request with this cookie, on a connection of its own. */
  private String ask(@Nullable String cookie) throws IOException {
    try (Socket client = connect(port)) {
      write(client, GET + (cookie == null ? "" : "Cookie: " + cookie + "\r\n") + "\r\n");
      StringBuilder answer = new StringBuilder();
      BufferedReader lines = reader(client);
      for (String line = lines.readLine(); !"".equals(line); line = lines.readLine()) {
        if (line == null) {
          throw new IOException("the connection ended after: " + answer);
        }
        answer.append(line).append('\n');
      }
      return answer.toString();
    }
  }

  private Socket connect(int to) throws IOException {
    Socket socket = closing(new Socket());
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to), 5_000);
    socket.setSoTimeout((int) SOON_MS);
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private <T extends AutoCloseable> T closing(T what) {
    open.add(what);
    return what;
  }
}
