package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages of another origin: a browser's preflight requests, and the answers that pages may read. */
class PageIT {
  private static final String PAGE = "Origin: http://page.test\r\n";

  @Test
  void handshake_ofAPageWhileMoving_isRefusedSoThatThePageMayReadIt() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient first = ScriptedClient.stock(pod);
        ScriptedClient second = ScriptedClient.stock(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING);

      TestHttp.Answer preflight =
          TestHttp.send(pod, "OPTIONS", "EIO=4&transport=polling", PAGE, "");
      TestHttp.Answer refused = TestHttp.send(pod, "GET", "EIO=4&transport=polling", PAGE, "");

      assertThat(preflight.status()).isEqualTo(200);
      assertThat(refused.status()).isEqualTo(503);
      for (TestHttp.Answer answer : List.of(preflight, refused)) {
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("http://page.test");
        assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(answer.header("connection")).isEqualTo("close");
      }
      assertThat(FeedServer.receipt(drain).handshakesRefused()).isOne();
      assertThat(first.end()).isEqualTo(second.end());
    }
  }

  @Test
  void corsHeaders_ofOurAnswers_areThoseTheServerIsConfiguredFor() throws Exception {
    String unknown = "EIO=4&transport=polling&sid=" + UUID.randomUUID();
    try (FeedServer oneOrigin =
            FeedServer.named("pod-a")
                .configuration(configuration -> configuration.setOrigin("http://app.test"))
                .start();
        FeedServer none =
            FeedServer.named("pod-b")
                .configuration(configuration -> configuration.setEnableCors(false))
                .start()) {
      TestHttp.Answer configured = TestHttp.send(oneOrigin, "GET", unknown, PAGE, "");
      TestHttp.Answer off = TestHttp.send(none, "GET", unknown, PAGE, "");
      TestHttp.Answer offPreflight = TestHttp.send(none, "OPTIONS", unknown, PAGE, "");

      assertThat(configured.header("access-control-allow-origin")).isEqualTo("http://app.test");
      assertThat(off.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
      assertThat(offPreflight.headers().keySet())
          .noneMatch(name -> name.startsWith("access-control"));
    }
  }

  @Test
  void letGo_pageThatAsksBeforeEachPoll_getsWhatIsQueuedAndThenMayReadTheRefusal()
      throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .configuration(configuration -> configuration.setAllowHeaders("x-app"))
            .start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      FeedSession session = poller.ready("poller");
      session.send(20);

      CompletableFuture<DrainReport> drain = pod.drain();
      Await.until("the end for the application", () -> !session.open());
      TestHttp.Answer before = TestHttp.send(pod, "OPTIONS", poller.query(), PAGE, "");
      TestHttp.Answer poll = poller.take(TestHttp.send(pod, "GET", poller.query(), PAGE, ""));
      TestHttp.Answer after = TestHttp.send(pod, "OPTIONS", poller.query(), PAGE, "");
      TestHttp.Answer refused = TestHttp.send(pod, "GET", poller.query(), PAGE, "");

      for (TestHttp.Answer preflight : List.of(before, after)) {
        assertThat(preflight.status()).isEqualTo(200);
        assertThat(preflight.header("access-control-allow-headers")).contains("x-app");
      }
      assertThat(poller.numbers()).isEqualTo(IntStream.range(0, 20).boxed().toList());
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
      for (TestHttp.Answer answer : List.of(before, poll, after, refused)) {
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("http://page.test");
        assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(answer.header("connection")).isEqualTo("close");
      }
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }
}
