package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.corundumstudio.socketio.store.MemoryStoreFactory;
import com.corundumstudio.socketio.store.Store;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests are told apart as netty-socketio tells them apart, and each gets an answer. */
class RequestIT {
  private static final String POLL = "EIO=4&transport=polling";

  @ParameterizedTest
  @CsvSource({
    "/my app, /my%20app/",
    "/чат, /%D1%87%D0%B0%D1%82/",
    "/a~b, /a%7eb/",
    "/socket.io, /socket%2Eio/"
  })
  void drain_withAPathThatIsEncoded_refusesHandshakesAndLetsGo(String context, String path)
      throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a").configuration(c -> c.setContext(context)).start();
        WireSocket wire = WireSocket.openAt(pod.port(), path, "EIO=4");
        WireSocket other = WireSocket.openAt(pod.port(), path, "EIO=4")) {
      CompletableFuture<DrainReport> drain = pod.drain();
      pod.awaitPhase(DrainPhase.MOVING);

      assertThat(TestHttp.sendTo(pod, "GET", path + "?" + POLL, "", "").status()).isEqualTo(503);
      DrainReport report = FeedServer.receipt(drain);
      assertThat(TestHttp.sendTo(pod, "GET", path + "?" + POLL, "", "").status()).isEqualTo(503);
      assertThatThrownBy(() -> WireSocket.openAt(pod.port(), path, "EIO=4"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("503");
      assertThat(wire.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
      assertThat(other.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
      assertThat(report.count(Outcome.CLOSED)).isEqualTo(2);
      assertThat(pod.coordinator().report().handshakesRefused()).isEqualTo(3);
    }
  }

  @Test
  void request_ofALivingSessionUnderAnotherPath_isThatSessions() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      String below = "/socket.io/below?" + poller.query();
      CompletableFuture<TestHttp.Answer> pending =
          CompletableFuture.supplyAsync(() -> sent(pod, "GET", below, ""));
      Await.until("the poll", () -> pod.server().getClient(poller.session()).isChannelOpen());

      DrainReport report = pod.drained();

      assertThat(pending.get(10, TimeUnit.SECONDS).body()).isEqualTo("6");
      assertThat(sent(pod, "GET", below, "").status()).isNotEqualTo(200);
      assertThat(report.count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void webSocket_openedUnderAnotherPath_isClosedByTheDrain() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      WireSocket wire =
          WireSocket.openAt(pod.port(), "/socket.io/below", "EIO=4&sid=" + poller.session());
      wire.send("2probe");
      wire.await("the answer to the probe", "3probe"::equals);
      wire.send("5");
      wire.send("42[\"upload\",\"below\",1]");
      Await.until("the upload", () -> pod.uploads().has("below", 1));

      DrainReport report = pod.drained();

      assertThat(wire.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
      assertThat(report.count(Outcome.CLOSED)).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/socket.io/?EIO=4&transport=polling&x=%zz",
        "/socket.io/?EIO=4&transport=polling&sid=1&x=%zz",
        "/socket.io/?EIO=4&transport=polling&j=one",
        "/socket.io/?EIO=4&transport=polling&b64=maybe",
        "/socket%ziio/?EIO=4&transport=polling",
        "/elsewhere?x=%"
      })
  void request_thatCannotBeRead_isReleasedAndAnswered(String target) throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      List<FullHttpRequest> requests = new CopyOnWriteArrayList<>();
      pod.tap().onRequest(requests::add);

      for (String method : List.of("GET", "POST")) {
        TestHttp.Answer answer = sent(pod, method, target, "x".repeat(60_000));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("connection")).isEqualTo("close");
      }
      assertThat(requests).hasSize(2).allMatch(request -> request.refCnt() == 0);
      assertThat(pod.coordinator().report().connections()).isZero();
    }
  }

  @Test
  void handshake_whoseStoreThrows_isReleasedAndAnswered() throws Exception {
    MemoryStoreFactory broken =
        new MemoryStoreFactory() {
          @Override
          public Store createStore(UUID session) {
            throw new IllegalStateException("the store is away");
          }
        };
    try (FeedServer pod =
        FeedServer.named("pod-a").configuration(c -> c.setStoreFactory(broken)).start()) {
      List<FullHttpRequest> requests = new CopyOnWriteArrayList<>();
      pod.tap().onRequest(requests::add);

      assertThat(TestHttp.get(pod, POLL).status()).isEqualTo(500);
      assertThatThrownBy(() -> WireSocket.open(pod.port(), "EIO=4")).hasMessageContaining("500");

      assertThat(requests).hasSize(2).allMatch(request -> request.refCnt() == 0);
      assertThat(pod.drained().tracked()).isZero();
    }
  }

  @Test
  void answer_withAVoidPromise_endsItsConnectionInADrain() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .configuration(
                c -> {
                  c.setAllowCustomRequests(true);
                  c.setHttpCompression(false);
                })
            .start()) {
      pod.tap().beforeTheEnd(AnswersWithAVoidPromise::new);
      pod.drained();

      TestHttp.Answer answer = sent(pod, "GET", "/mine", ""); // reads to the end of the connection

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("connection")).isEqualTo("close");
    }
  }

  private static final class AnswersWithAVoidPromise extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ((FullHttpRequest) message).release();
      var body = Unpooled.copiedBuffer("hi", StandardCharsets.US_ASCII);
      var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
      answer.headers().set("content-length", 2);
      var unused = ctx.writeAndFlush(answer, ctx.voidPromise());
    }
  }

  @Test
  void upload_thatWaitsLongerThanTheFirstDataTimeout_isDispatchedInItsTurn() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a").configuration(c -> c.setFirstDataTimeout(300)).start()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
      CountDownLatch release = new CountDownLatch(1);
      List<String> dispatched = new CopyOnWriteArrayList<>();
      pod.server()
          .addEventListener(
              "m",
              String.class,
              (client, data, ack) -> {
                if (data.equals("slow")) {
                  release.await();
                }
                dispatched.add(data);
              });
      poller.post("42[\"m\",\"slow\"]");
      CompletableFuture<TestHttp.Answer> second =
          CompletableFuture.supplyAsync(() -> poller.postQuietly("42[\"m\",\"next\"]"));
      Await.until("the second upload", () -> pod.tap().uploads() == 3);
      Channel waits = pod.tap().latestUpload();

      // netty-socketio's timer has a tick of 100 ms. Another silent channel is closed by it.
      try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), pod.port())) {
        silent.setSoTimeout(10_000);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }

      assertThat(waits.isOpen()).isTrue();
      release.countDown();
      assertThat(second.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      Await.until("both", () -> dispatched.size() == 2);
      assertThat(dispatched).containsExactly("slow", "next");
    }
  }

  @Test
  void upload_ofSeveralPackets_isCopiedToTheHeapOnly() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);

      poller.post("42[\"upload\",\"p\",1]\u001e42[\"upload\",\"p\",2]\u001e42[\"upload\",\"p\",3]");

      Await.until("all of them", () -> pod.uploads().has("p", 3));
      assertThat(pod.uploads().has("p", 1)).isTrue();
      assertThat(pod.tap().uploadOnHeap()).isTrue();
    }
  }

  private static TestHttp.Answer sent(FeedServer pod, String method, String target, String body) {
    try {
      return TestHttp.sendTo(pod, method, target, "", body);
    } catch (IOException e) {
      throw new IllegalStateException(target, e);
    }
  }
}
