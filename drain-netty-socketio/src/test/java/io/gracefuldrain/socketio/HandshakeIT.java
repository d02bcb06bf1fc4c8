package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests pass, and how the others are answered. */
class HandshakeIT {
  @Test
  void handshake_whileMoving_isRefusedWithRetryAfterAndClose() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient first = ScriptedClient.stock(pod);
        ScriptedClient second = ScriptedClient.stock(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING);

      TestHttp.Answer answer = TestHttp.get(pod, "EIO=4&transport=polling");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThatThrownBy(() -> WireSocket.open(pod.port(), "EIO=4"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("503");
      assertThat(pod.coordinator().phase()).isEqualTo(DrainPhase.MOVING);
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.handshakesRefused()).isEqualTo(2);
      assertThat(report.tracked()).isEqualTo(2);
      assertThat(first.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(second.end()).isEqualTo(WireSocket.End.FIN);
    }
  }

  @Test
  void request_ofLivingSessionWhileMoving_passes() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient first = ScriptedClient.stock(pod)) {
      ScriptedPoller last = ScriptedPoller.join(pod); // its slot is the last of the window
      CompletableFuture<DrainReport> drain = pod.drain();
      assertThat(first.end()).isEqualTo(WireSocket.End.FIN);

      TestHttp.Answer upload = last.post("420[\"upload\",\"last\",7]");
      TestHttp.Answer poll = last.poll();

      assertThat(pod.coordinator().phase()).isEqualTo(DrainPhase.MOVING);
      assertThat(upload.status()).isEqualTo(200);
      assertThat(pod.uploads().has("last", 7)).isTrue();
      assertThat(poll.body()).isEqualTo("430[]");
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isEqualTo(2);
    }
  }

  @Test
  void handshake_whileUnready_isAdmittedAndMovedLater() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(policy -> policy.withReadinessDelayMax(Duration.ofSeconds(1)))
            .start()) {
      CompletableFuture<DrainReport> drain = pod.drain();

      try (ScriptedClient late = ScriptedClient.stock(pod)) {
        assertThat(pod.coordinator().phase()).isEqualTo(DrainPhase.UNREADY);
        assertThat(late.end()).isEqualTo(WireSocket.End.FIN);
      }

      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.tracked()).isOne();
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.handshakesRefused()).isZero();
    }
  }

  @Test
  void handshake_admittedByPolicyWhileMoving_isMovedAtOnce() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a")
                .policy(policy -> policy.withHandshakes(DrainPolicy.Handshakes.ADMIT))
                .start();
        ScriptedClient first = ScriptedClient.stock(pod);
        ScriptedClient second = ScriptedClient.stock(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING);

      WireSocket late = WireSocket.open(pod.port(), "EIO=4");

      assertThat(late.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.tracked()).isEqualTo(3);
      assertThat(report.late()).isOne();
      assertThat(report.count(Outcome.CLOSED)).isEqualTo(3);
      assertThat(first.end()).isEqualTo(second.end());
    }
  }

  @Test
  void handshake_withTicketOfThisPodWhileItDrains_isRefused() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a")
                .policy(policy -> policy.withHandshakes(DrainPolicy.Handshakes.ADMIT))
                .start();
        FeedServer other = FeedServer.named("pod-b").start();
        ScriptedClient client = ScriptedClient.aware(pod);
        ScriptedClient second = ScriptedClient.stock(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      String ticket = client.awaitEvent("drain:reconnect").data().get("ticket").asText();

      TestHttp.Answer own = TestHttp.get(pod, "EIO=4&transport=polling&ticket=" + ticket);
      TestHttp.Answer none = TestHttp.get(pod, "EIO=4&transport=polling");
      TestHttp.Answer malformed = TestHttp.get(pod, "EIO=4&transport=polling&ticket=%25garbage");
      TestHttp.Answer elsewhere = TestHttp.get(other, "EIO=4&transport=polling&ticket=" + ticket);

      assertThat(own.status()).isEqualTo(503);
      assertThat(own.header("connection")).isEqualTo("close");
      assertThat(own.header("retry-after")).isEqualTo("1");
      assertThat(none.status()).isEqualTo(200);
      assertThat(malformed.status()).isEqualTo(200);
      assertThat(elsewhere.status()).isEqualTo(200);
      assertThat(FeedServer.receipt(drain).handshakesRefused()).isOne();
      assertThat(second.end()).isEqualTo(WireSocket.End.FIN);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000-0000-4000-8000-000000000000", "not-a-session", "", "%00"})
  void request_ofUnknownOrMalformedSession_isToldSo(String sid) throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      for (String method : new String[] {"GET", "POST"}) {
        TestHttp.Answer answer =
            TestHttp.send(pod, method, "EIO=4&transport=polling&sid=" + sid, "", "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("connection")).isEqualTo("close");
      }
      assertThatThrownBy(() -> WireSocket.open(pod.port(), "EIO=4&sid=" + sid))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("400");
    }
  }

  @Test
  void everyPollingAnswer_whileServing_saysConnectionClose() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      TestHttp.Answer handshake = TestHttp.get(pod, "EIO=4&transport=polling");
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      session.send(1);
      TestHttp.Answer poll = poller.poll();
      session.send(1);
      TestHttp.Answer upload = poller.post("42[\"upload\",\"poller\",0]");
      TestHttp.Answer preflight =
          TestHttp.send(pod, "OPTIONS", poller.query(), "Origin: http://page.test\r\n", "");
      TestHttp.Answer compressed =
          TestHttp.send(pod, "GET", poller.query(), "Accept-Encoding: gzip\r\n", "");
      TestHttp.Answer badTransport = TestHttp.get(pod, "EIO=4&transport=pigeon");
      TestHttp.Answer unknown =
          TestHttp.get(pod, "EIO=4&transport=polling&sid=" + UUID.randomUUID());

      assertThat(handshake.header("connection")).isEqualTo("close");
      assertThat(poll.status()).isEqualTo(200);
      assertThat(poll.header("connection")).isEqualTo("close");
      assertThat(upload.header("connection")).isEqualTo("close");
      assertThat(preflight.header("connection")).isEqualTo("close");
      assertThat(compressed.header("connection")).isEqualTo("close");
      assertThat(badTransport.header("connection")).isEqualTo("close");
      assertThat(unknown.header("connection")).isEqualTo("close");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "HEAD", "POST", "PUT", "DELETE"})
  void request_thatIsNoHandshake_beginsNoSession(String method) throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      TestHttp.Answer answer = TestHttp.send(pod, method, "EIO=4&transport=polling", "", "");

      assertThat(answer.status()).isEqualTo(method.equals("OPTIONS") ? 200 : 400);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(pod.coordinator().report().connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EIO=4&transport=websocket", // without an Upgrade header
        "EIO=3&transport=websocket",
        "EIO=4&transport=WebSocket", // netty-socketio knows it, but no handler answers
        "EIO=4&transport=POLLING"
      })
  void handshake_thatComesToNothing_leavesNothingBehind(String query) throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), pod.port())) {
      String request =
          "GET /socket.io/?%s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  .formatted(query)
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 99\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Await.until("the session", () -> pod.knowsAny());

      socket.shutdownOutput();
      socket.setSoTimeout(10_000);
      socket.getInputStream().readAllBytes(); // closed: it is no longer on its way to the roster

      Await.until("no session", () -> pod.coordinator().report().connections() == 0);
      DrainReport report = pod.drained();
      assertThat(report.tracked()).isZero();
    }
  }

  @Test
  void handshake_ofAWebSocketVersionThatNobodyKnows_isClosedAfterItsAnswer() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      TestHttp.Answer answer =
          TestHttp.send(
              pod,
              "GET",
              "EIO=4&transport=websocket",
              "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\n",
              "");

      assertThat(answer.status()).isEqualTo(426);
      assertThat(answer.header("connection")).isEqualTo("close");
      Await.until("no session", () -> pod.coordinator().report().connections() == 0);
    }
  }
}
