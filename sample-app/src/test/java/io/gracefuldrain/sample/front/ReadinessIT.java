package io.gracefuldrain.sample.front;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the front takes probes that answer badly. */
class ReadinessIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final CountDownLatch abandoned = new CountDownLatch(1);
  private volatile boolean bodyMissing;

  @Test
  void watch_bodyNeverComes_isNotReadyUntilAnsweredAgain() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread serving = new Thread(() -> serve(server), "probe");
      serving.setDaemon(true);
      serving.start();
      Backend backend = new Backend(new PodAddress("127.0.0.1", 1, server.getLocalPort()));
      try (Readiness readiness = new Readiness(List.of(backend), line -> {})) {
        readiness.start();
        Await.until("ready", SOON, backend::ready);

        bodyMissing = true;

        Await.until("not ready", SOON, () -> !backend.ready());
        assertThat(abandoned.await(SOON.toSeconds(), TimeUnit.SECONDS))
            .as("the connection is given up")
            .isTrue();
        bodyMissing = false;
        Await.until("ready again", SOON, backend::ready);
      }
    }
  }

  private void serve(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        client.setSoTimeout((int) SOON.toMillis());
        answer(client);
      } catch (IOException e) {
        // the next one: this one is gone, or so is the server
      }
    }
  }

  private void answer(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
    while (!in.readLine().isEmpty()) {
      // the request's head
    }
    boolean missing = bodyMissing;
    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ";
    client.getOutputStream().write((head + (missing ? 5 : 0) + "\r\n\r\n").getBytes(US_ASCII));
    if (missing && in.read() < 0) {
      abandoned.countDown();
    }
  }
}
