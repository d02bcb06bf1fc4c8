package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Many threads send to clients that are let go meanwhile. */
@Isolated("its senders keep the processors busy")
class KeptStressIT {
  private static final int CLIENTS = 4;
  private static final int BROADCASTERS = 4;
  private static final int SENDERS = 2;
  private static final Pattern SAID = Pattern.compile("\\[\"said\",(\\d+),(\\d+)");

  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicIntegerArray sent = new AtomicIntegerArray(BROADCASTERS + SENDERS);
  private final CountDownLatch ended = new CountDownLatch(BROADCASTERS + SENDERS);

  @Test
  void whatEachThreadSends_comesOnceAndInOrder_overTheWireAndThenInTheMail() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(
                policy ->
                    NextPod.keeps(policy)
                        .withHandoverSessionBytes(500_000_000)
                        .withHandoverPodBytes(1_000_000_000))
            .start()) {
      List<ScriptedClient> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(ScriptedClient.stock(pod));
      }
      List<SocketIOClient> all = List.copyOf(pod.server().getAllClients());
      ScriptedPoller poller = ScriptedPoller.join(pod);
      for (int i = 0; i < sent.length(); i++) {
        begin(i, pod, all);
      }
      Await.until(
          "messages", () -> clients.stream().allMatch(c -> c.wire().messages().size() > 50));

      CompletableFuture<Void> polls = CompletableFuture.runAsync(() -> pollToTheEnd(poller));

      var unused = pod.drain();
      for (ScriptedClient client : clients) {
        assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
        NextPod.awaitOffer(pod, client.session());
      }
      polls.get(20, TimeUnit.SECONDS);
      NextPod.awaitOffer(pod, poller.session());
      int[] before = IntStream.range(0, sent.length()).map(sent::get).toArray();
      Await.until(
          "messages for their mailboxes",
          () -> IntStream.range(0, sent.length()).allMatch(i -> sent.get(i) > before[i] + 20));
      enough.set(true);
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();

      for (ScriptedClient client : clients) {
        gotAll(client.wire().messages(), NextPod.take(pod, client.session()), sent.length());
      }
      gotAll(poller.packets(), NextPod.take(pod, poller.session()), BROADCASTERS);
    }
  }

  private static void pollToTheEnd(ScriptedPoller poller) {
    try {
      while (poller.poll().status() == 200) {
        // It reads on.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void begin(int number, FeedServer pod, List<SocketIOClient> clients) {
    Thread sender = new Thread(() -> send(number, pod, clients), "sender-" + number);
    sender.setDaemon(true);
    sender.start();
  }

  private void send(int number, FeedServer pod, List<SocketIOClient> clients) {
    while (!enough.get()) {
      int message = sent.getAndIncrement(number);
      if (number < BROADCASTERS) {
        pod.server().getBroadcastOperations().sendEvent("said", number, message);
      } else { // netty-socketio's broadcasts of bytes in the main namespace reach one client only
        byte[] bytes = bytes(message);
        clients.forEach(client -> client.sendEvent("said", number, message, bytes));
      }
      if (message % 4 == 0) {
        LockSupport.parkNanos(8_000_000);
      }
    }
    ended.countDown();
  }

  private static byte[] bytes(int message) {
    return new byte[] {(byte) (message >> 8), (byte) message};
  }

  private void gotAll(List<String> wire, Mail mail, int senders) {
    List<String> texts = new ArrayList<>(wire);
    assertThat(mail.missed()).isNotEmpty();
    for (WirePacket packet : mail.missed()) {
      texts.add(packet.text());
      for (byte[] part : packet.attachments()) {
        Matcher said = SAID.matcher(packet.text());
        assertThat(said.find()).isTrue();
        assertThat(part).isEqualTo(bytes(Integer.parseInt(said.group(2))));
      }
    }
    List<List<Integer>> got = new ArrayList<>();
    IntStream.range(0, sent.length()).forEach(i -> got.add(new ArrayList<>()));
    for (String text : texts) {
      Matcher said = SAID.matcher(text);
      if (said.find()) {
        got.get(Integer.parseInt(said.group(1))).add(Integer.valueOf(said.group(2)));
      }
    }
    for (int i = 0; i < senders; i++) {
      assertThat(got.get(i)).isEqualTo(IntStream.range(0, sent.get(i)).boxed().toList());
    }
  }
}
