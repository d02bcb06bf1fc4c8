package io.gracefuldrain.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.KeepingConnection;
import io.gracefuldrain.handover.HandOver;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Opened;
import jakarta.servlet.ServletRegistration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions of a pod whose endpoints are in a servlet container. */
@Timeout(60)
class HandOverServletIT {
  private final Opened opened = new Opened();

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  private static DrainPolicy policy(String name) {
    return DrainPolicy.defaults()
        .withPod(name)
        .withTicketKey("0123456789abcdef0123456789abcdef")
        .withPodIp("127.0.0.1")
        .withPeers("127.0.0.0/8")
        .withHandoverTimeout(Duration.ofSeconds(20))
        .withReadinessDelayMin(Duration.ZERO)
        .withReadinessDelayMax(Duration.ZERO)
        .withMoveWindow(Duration.ZERO)
        .withSettleGrace(Duration.ofMinutes(1))
        .withGracePeriod(Duration.ofMinutes(2))
        .withReceipt(DrainPolicy.Receipt.LOG)
        .withTerminationLog("");
  }

  private DrainCoordinator coordinator(DrainPolicy policy) {
    DrainCoordinator coordinator = opened.add(DrainCoordinator.create(policy));
    coordinator.started();
    return coordinator;
  }

  /** The end of its session takes a second, and the answer to that waits so long. */
  @ParameterizedTest
  @CsvSource({
    "JETTY, '', /*, ''",
    "JETTY, /app, /manage/*, /app/manage",
    "TOMCAT, '', /*, ''",
    "TOMCAT, /app, /manage/*, /app/manage"
  })
  void session_ofAPodInAContainer_isHandedOver(
      ServletContainer kind, String context, String mapping, String basePath) throws Exception {
    DrainCoordinator a = coordinator(policy("pod-a"));
    DrainCoordinator b = coordinator(policy("pod-b"));
    DrainEndpoints endpoints = DrainEndpoints.of(a);
    ServletContainer.Running container =
        kind.startAt(
            context,
            ready -> {
              ServletRegistration.Dynamic drain =
                  ready.addServlet("drain", new DrainServlet(endpoints));
              drain.addMapping(mapping);
              drain.setAsyncSupported(true);
            });
    try {
      endpoints.servedOn(container.port(), basePath);
      KeepingConnection client = KeepingConnection.register(a, "alice");
      CompletableFuture<byte[]> end = client.endsLate();
      a.drain(DrainReason.MANUAL);
      Await.until(() -> client.events().contains("kept"));
      String message = "0123456789".repeat(50_000);
      assertThat(client.send(message)).isTrue();

      byte[] question = "alice".getBytes(StandardCharsets.UTF_8);
      HandOver.Prepared prepared =
          HandOver.of(b)
              .prepare(HandOver.of(a).token("alice"), question)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      byte[] mail = prepared.take().toCompletableFuture().get(30, TimeUnit.SECONDS);
      CompletableFuture<byte[]> last = prepared.landed().toCompletableFuture();
      Await.until(() -> client.events().contains("taken by pod-b"));
      var unused =
          CompletableFuture.runAsync(
              () -> end.complete("the last".getBytes(StandardCharsets.UTF_8)),
              CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));

      assertThat(last.get(30, TimeUnit.SECONDS)).asString().isEqualTo("the last");
      assertThat(new String(mail, StandardCharsets.UTF_8)).isEqualTo(message);
      Await.until(() -> client.events().size() == 3);
      assertThat(client.events()).containsExactly("LET_GO", "kept", "taken by pod-b");
    } finally {
      container.stop();
    }
  }
}
