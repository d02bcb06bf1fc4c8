package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.transport.NamespaceClient;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.TokenClientIT.Pod;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The moment from the take of a session to its end at the old pod: what that pod sends, what the
 * client does. Real pods, which ask each other by HTTP.
 */
class LastMomentIT {
  private static final Pattern PID = Pattern.compile("\"pid\":\"([^\"]+)\"");
  private static final Pattern SEQ = Pattern.compile("42\\[\"seq\",(\\d+)\\]");

  private static String answer(ScriptedClient client, String namespace) {
    String start = "40" + (namespace.isEmpty() ? "{" : namespace + ",");
    client.wire().await("the answer", message -> message.startsWith(start));
    return client.wire().messages().stream()
        .filter(message -> message.startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  private static String pid(ScriptedClient client, String namespace) {
    Matcher pid = PID.matcher(answer(client, namespace));
    assertThat(pid.find()).isTrue();
    return pid.group(1);
  }

  private static List<Integer> numbers(ScriptedClient client) {
    return client.wire().messages().stream()
        .map(SEQ::matcher)
        .filter(Matcher::matches)
        .map(seq -> Integer.valueOf(seq.group(1)))
        .toList();
  }

  /** The old pod alone knows of these: no bus brings them to the next one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void sentByTheOldPodUntilItsEnd_arrivesInOrder(int listenerMillis) throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b")) {
      b.server
          .adapter()
          .onRecovered(
              (client, previous) ->
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(listenerMillis)));
      AtomicBoolean over = new AtomicBoolean();
      a.server.server().addDisconnectListener(client -> over.set(true));
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      String pid = pid(first, "");
      SocketIOClient kept = a.server.server().getClient(first.session());
      ClientHead head = ((NamespaceClient) kept).getBaseClient();
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      NextPod.awaitOffer(a.server, first.session());
      AtomicInteger sent = new AtomicInteger();
      AtomicInteger sentBeforeTheEnd = new AtomicInteger();
      Thread sender =
          new Thread(
              () -> {
                while (!over.get() && sent.get() < 100_000) {
                  kept.sendEvent("seq", sent.getAndIncrement());
                  if (head.isConnected()) { // the end begins with that
                    sentBeforeTheEnd.set(sent.get());
                  }
                  LockSupport.parkNanos(500_000);
                }
              },
              "sender");
      sender.start();
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40{\"pid\":\"" + pid + "\"}");
        assertThat(answer(second, "")).contains(pid);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
        sender.join();
        Await.until(
            () -> "all of " + sentBeforeTheEnd + ": " + numbers(second),
            Await.SOON,
            () -> numbers(second).size() >= sentBeforeTheEnd.get());
        assertThat(numbers(second))
            .isEqualTo(IntStream.range(0, numbers(second).size()).boxed().toList());
      }
    }
  }

  /** Its new room cannot be told to the store there: what was sent to it is another matter. */
  @Test
  void sentByTheOldPodLast_whenTheStoreOfTheNextOneIsAway_arrives() throws Exception {
    RemoteStore store = new RemoteStore();
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b", settings -> settings.setStoreFactory(store))) {
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      String pid = pid(first, "");
      SocketIOClient kept = a.server.server().getClient(first.session());
      b.server
          .adapter()
          .onRecovered(
              (client, previous) -> {
                kept.joinRoom("late");
                kept.sendEvent("seq", 0);
                store.away(true);
              });
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40{\"pid\":\"" + pid + "\"}");
        assertThat(answer(second, "")).contains(pid);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();

        Await.until("the last", () -> numbers(second).equals(List.of(0)));
      }
    }
  }

  /** What it has set last cannot be read there: what was sent to it is another matter. */
  @Test
  void sentByTheOldPodLast_besideDataThatTheNextOneCannotRead_arrives() throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b")) {
      a.server.adapter().handOver("level", Object.class);
      b.server.adapter().handOver("level", Integer.class);
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      String pid = pid(first, "");
      SocketIOClient kept = a.server.server().getClient(first.session());
      kept.set("level", 1);
      b.server
          .adapter()
          .onRecovered(
              (client, previous) -> {
                kept.set("level", "two");
                kept.joinRoom("late");
                kept.sendEvent("seq", 0);
              });
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40{\"pid\":\"" + pid + "\"}");
        assertThat(answer(second, "")).contains(pid);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();

        Await.until("the last", () -> numbers(second).equals(List.of(0)));
        SocketIOClient client = b.server.server().getClient(second.session());
        assertThat(client.getAllRooms()).contains("late");
        assertThat(client.<Integer>get("level")).isEqualTo(1);
      }
    }
  }

  @Test
  void roomLeftAtBothPodsWhileTheNextOneDecides_isLeft() throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b")) {
      a.server.server().getNamespace("/chat").addConnectListener(it -> it.joinRoom("vip"));
      b.server
          .server()
          .getNamespace("/chat")
          .addConnectListener(
              it -> {
                for (Pod pod : List.of(a, b)) { // both hear that the user is no VIP any more
                  pod.server
                      .server()
                      .getNamespace("/chat")
                      .getRoomOperations("vip")
                      .getClients()
                      .forEach(client -> client.leaveRoom("vip"));
                }
              });
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40/chat,");
      String pid = pid(first, "/chat");
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      try (ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4")) {
        second.wire().send("40/chat,{\"pid\":\"" + pid + "\"}");
        assertThat(answer(second, "/chat")).contains(pid);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
        b.server.server().getNamespace("/chat").getRoomOperations("vip").sendEvent("secret");
        b.server.server().getNamespace("/chat").getBroadcastOperations().sendEvent("end");
        second.wire().await("the end", message -> message.contains("\"end\""));

        assertThat(second.wire().messages()).noneMatch(message -> message.contains("secret"));
      }
    }
  }

  /** Its limit for a CONNECT is shorter than a listener of ours takes. */
  @Test
  void clientThatGoesBeforeItIsAnswered_hasNotLanded_andGetsAllFromTheNextPod() throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b");
        Pod c = new Pod("pod-c")) {
      CountDownLatch inListener = new CountDownLatch(1);
      CountDownLatch gone = new CountDownLatch(1);
      b.server
          .adapter()
          .onRecovered(
              (client, previous) -> {
                inListener.countDown();
                awaitBounded(gone);
              });
      ScriptedClient first = ScriptedClient.connect(a.server, "EIO=4");
      first.wire().send("40");
      String pid = pid(first, "");
      SocketIOClient kept = a.server.server().getClient(first.session());
      CompletableFuture<DrainReport> drain = a.server.drain();
      first.end();
      NextPod.awaitOffer(a.server, first.session());
      kept.sendEvent("seq", 0);
      ScriptedClient second = ScriptedClient.connect(b.server, "EIO=4");
      second.wire().send("40{\"pid\":\"" + pid + "\"}");
      awaitBounded(inListener);
      second.close();
      gone.countDown();
      Await.until("it has left", () -> b.server.server().getAllClients().isEmpty());
      kept.sendEvent("seq", 1);
      NextPod.awaitOffer(a.server, first.session()); // again, since nobody has it
      try (ScriptedClient third = ScriptedClient.connect(c.server, "EIO=4")) {
        third.wire().send("40{\"pid\":\"" + pid + "\"}");

        assertThat(answer(third, "")).contains(pid);
        Await.until("all", () -> numbers(third).equals(List.of(0, 1)));
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
      }
    }
  }

  private static void awaitBounded(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
