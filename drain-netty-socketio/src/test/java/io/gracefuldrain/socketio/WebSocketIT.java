package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How a WebSocket is let go, byte by byte, whether its client reads or not. */
class WebSocketIT {
  private static final String PADDING = "x".repeat(4000);
  private static final int PADDED_EVENTS = 1500; // 6 MB

  @Test
  void letGo_clientUploadingAllTheTime_getsEverythingAndNoReset() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a")
                .policy(policy -> policy.withSettleGrace(Duration.ofSeconds(6)))
                .start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      FeedSession session = client.ready(pod, "", "uploader");
      client.wire().lingers();
      CountDownLatch over = new CountDownLatch(1);
      Thread uploader = uploads(client, over);
      LastWords lastWords = new LastWords(pod);

      lastWords.prepare();
      DrainReport report = pod.drained();

      lastWords.allSaid();
      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      over.countDown();
      uploader.join();
      assertThat(session.owed()).isEqualTo(LastWords.TO_A_WEBSOCKET);
      client.gotAllOf(session);
      assertThat(report.count(Outcome.CLOSED)).isOne();
    }
  }

  private static Thread uploads(ScriptedClient client, CountDownLatch over) {
    Thread uploader =
        new Thread(
            () -> {
              try {
                for (int number = 0; over.getCount() > 0; number++) {
                  client.emit("", "\"upload\",\"uploader\"," + number + ",\"" + PADDING + "\"");
                }
              } catch (RuntimeException e) {
                // The server has closed the connection.
              }
            },
            "uploader");
    uploader.setDaemon(true);
    uploader.start();
    return uploader;
  }

  @Test
  void letGo_clientThatKeepsItsSideOpen_isClosedInBoundedTime() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      client.wire().lingers();

      DrainReport report = pod.drained();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.moves().max()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(2));
    }
  }

  @Test
  void letGo_readerThatNeverReads_isBoundedAndHoldsUpNobody() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        Socket socket = new Socket()) {
      unread(pod, socket);
      FeedSession session = pod.sessions().iterator().next();
      fill(pod, session);
      try (ScriptedClient other = ScriptedClient.stock(pod)) {
        FeedSession others = other.ready(pod, "", "other");
        others.send(200);

        DrainReport report = pod.drained();

        assertThat(other.end()).isEqualTo(WireSocket.End.FIN);
        other.gotAllOf(others);
        assertThat(report.count(Outcome.CLOSED)).isEqualTo(2);
        assertThat(report.moves().max()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(3));
        assertThat(pod.tap().channel(session.client().getSessionId()).isOpen()).isFalse();
      }
    }
  }

  @Test
  void letGo_slowReaderThatReadsInTime_getsEverything() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        Socket socket = new Socket()) {
      WireSocket slow = unread(pod, socket);
      FeedSession session = pod.sessions().iterator().next();
      fill(pod, session);

      CompletableFuture<DrainReport> drain = pod.drain();
      Await.until("let go", () -> !session.open());
      slow.reading();

      assertThat(slow.end(Duration.ofSeconds(10))).isEqualTo(WireSocket.End.FIN);
      assertThat(slow.messages().stream().filter(message -> message.contains("\"padding\"")))
          .hasSize(PADDED_EVENTS);
      assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  void letGo_slowReaderThatReadsOn_isNotCut() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a")
                .policy(policy -> policy.withSettleGrace(Duration.ofSeconds(9)))
                .start();
        Socket socket = new Socket()) {
      unread(pod, socket);
      FeedSession session = pod.sessions().iterator().next();
      fill(pod, session);

      CompletableFuture<DrainReport> drain = pod.drain();
      Await.until("let go", () -> !session.open());
      int all = 0;
      byte[] some = new byte[PADDED_EVENTS * PADDING.length() / 60]; // 3 s in all
      for (int read = 0;
          read >= 0;
          read = socket.getInputStream().readNBytes(some, 0, some.length)) {
        all += read;
        if (read == 0 && all > 0) {
          break;
        }
        LockSupport.parkNanos(50_000_000);
      }

      assertThat(all).isGreaterThan(PADDED_EVENTS * PADDING.length());
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.count(Outcome.CLOSED)).isOne();
      assertThat(report.moves().max()).isGreaterThan(Duration.ofSeconds(2));
    }
  }

  /** A client that is ready, and reads nothing before the test wants it. */
  private static WireSocket unread(FeedServer pod, Socket socket) throws IOException {
    socket.setReceiveBufferSize(4096);
    WireSocket wire = WireSocket.openUnread(socket, pod.port(), "EIO=4");
    wire.send("40");
    wire.send("42[\"ready\",\"unread\",\"" + FeedServer.QUIET + "\"]");
    Await.until("the session", () -> !pod.sessions().isEmpty());
    return wire;
  }

  /** Queues more than the socket takes, but not more than a client can then read at once. */
  private static void fill(FeedServer pod, FeedSession session) {
    for (int i = 0; i < PADDED_EVENTS; i++) {
      session.client().sendEvent("padding", PADDING);
    }
    Channel channel = pod.tap().channel(session.client().getSessionId());
    Await.until("more than the socket takes", () -> !channel.isWritable());
  }

  @Test
  void letGo_listenerBlocksOneEventLoop_othersGoInTheirSlots() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      pod.server()
          .addEventListener("block", String.class, (client, nothing, ack) -> release.await());
      List<ScriptedClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ScriptedClient client = ScriptedClient.stock(pod);
        client.ready(pod, "", "client-" + i);
        clients.add(client);
      }
      ScriptedClient blocker = clients.get(0);
      List<ScriptedClient> elsewhere =
          clients.stream().filter(client -> loop(pod, client) != loop(pod, blocker)).toList();
      assertThat(elsewhere).isNotEmpty();
      blocker.emit("", "\"block\",\"\"");

      CompletableFuture<DrainReport> drain = pod.drain();
      for (ScriptedClient client : elsewhere) {
        assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      }

      assertThat(release.getCount()).isOne();
      assertThat(blocker.wire().ended()).isFalse();
      assertThat(drain).isNotDone();
      release.countDown();
      assertThat(blocker.end()).isEqualTo(WireSocket.End.FIN);
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.count(Outcome.CLOSED)).isEqualTo(8);
      assertThat(report.failures()).isZero();
      clients.forEach(ScriptedClient::close);
    } finally {
      release.countDown();
    }
  }

  private static EventLoop loop(FeedServer pod, ScriptedClient client) {
    return pod.tap().channel(client.session()).eventLoop();
  }

  @Test
  void leave_byItselfDuringADrain_countsAsLeftOrLost() throws Exception {
    // The last slot is at the end of the window, so two of these are gone before their slots.
    try (FeedServer pod =
            FeedServer.named("pod-a")
                .policy(policy -> policy.withReadinessDelayMax(Duration.ofSeconds(2)))
                .start();
        ScriptedClient saysGoodbye = ScriptedClient.stock(pod);
        ScriptedClient disconnects = ScriptedClient.stock(pod)) {
      Socket socket = new Socket();
      WireSocket vanishes = WireSocket.openUnread(socket, pod.port(), "EIO=4").reading();
      vanishes.send("40");
      vanishes.await("the namespace", message -> message.startsWith("40"));
      CompletableFuture<DrainReport> drain = pod.drain();

      saysGoodbye.wire().sendClose();
      disconnects.wire().send("41");
      Await.until("out", () -> pod.server().getClient(disconnects.session()) == null);
      disconnects.wire().close();
      socket.setSoLinger(true, 0);
      socket.close();

      Await.until("all gone", () -> pod.coordinator().report().connections() == 0);
      pod.hurry();
      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.tracked()).isEqualTo(3);
      assertThat(report.count(Outcome.LEFT)).isEqualTo(2);
      assertThat(report.count(Outcome.LOST)).isOne();
    }
  }

  @Test
  void letGo_sessionThatNeverJoinedANamespace_isTrackedAndLetGo() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient idle = ScriptedClient.connect(pod, "EIO=4")) {
      DrainReport report = pod.drained();

      assertThat(idle.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(report.tracked()).isOne();
      assertThat(report.count(Outcome.CLOSED)).isOne();
      UUID session = idle.session();
      assertThat(pod.server().getClient(session)).isNull();
    }
  }
}
