package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.store.MemoryPubSubStore;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import com.corundumstudio.socketio.store.pubsub.PubSubMessage;
import com.corundumstudio.socketio.store.pubsub.PubSubStore;
import com.corundumstudio.socketio.store.pubsub.PubSubType;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each session ends once, whatever throws in its end. */
class SessionEndIT {
  private static void fastPings(Configuration configuration) {
    configuration.setPingInterval(300);
    configuration.setPingTimeout(300);
  }

  private static int connections(FeedServer pod) {
    return pod.coordinator().report().connections();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/chat"})
  void letGo_whoseDisconnectListenerThrowsAnError_isClosedAllTheSame(String alsoIn)
      throws Exception {
    AtomicInteger told = new AtomicInteger();
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      for (String namespace : List.of("", "/chat")) {
        pod.server()
            .getNamespace(namespace)
            .addDisconnectListener(
                gone -> {
                  told.incrementAndGet();
                  throw new NoClassDefFoundError("com/example/App");
                });
      }
      if (!alsoIn.isEmpty()) {
        client.join(alsoIn);
      }
      ScriptedPoller poller = ScriptedPoller.join(pod);
      CompletableFuture<TestHttp.Answer> pending = poller.pending();

      DrainReport report = pod.drained();

      assertThat(client.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(pending.get(10, TimeUnit.SECONDS).body()).isEqualTo("6");
      assertThat(report.count(Outcome.CLOSED)).isEqualTo(2);
      assertThat(report.phases().get(DrainPhase.FORCING)).isLessThan(Duration.ofMillis(500));
      assertThat(told).hasValue(alsoIn.isEmpty() ? 2 : 3);
      assertThat(pod.server().getAllClients()).isEmpty();
      assertThat(pod.server().getNamespace("/chat").getAllClients()).isEmpty();
    }
  }

  @Test
  void leave_whileTheBusIsAway_leavesNothingBehind() throws Exception {
    Bus bus = new Bus();
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .configuration(
                c -> {
                  fastPings(c);
                  c.setStoreFactory(bus);
                })
            .start()) {
      List<ScriptedClient> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(ScriptedClient.stock(pod));
        clients.add(ScriptedClient.stock(pod).join("/chat"));
      }
      ScriptedPoller.join(pod);
      ScriptedPoller both = ScriptedPoller.join(pod);
      both.post("40/chat");
      assertThat(connections(pod)).isEqualTo(12);

      bus.away = true;
      clients.forEach(ScriptedClient::close);

      Await.until("no connection", () -> connections(pod) == 0);
      bus.away = false;
      assertThat(pod.drained().tracked()).isZero();
    }
  }

  /** A store whose bus can be away, as Redis may be. */
  private static final class Bus extends MemoryStoreFactory {
    private volatile boolean away;

    private final PubSubStore store =
        new MemoryPubSubStore() {
          @Override
          public void publish(PubSubType type, PubSubMessage message) {
            if (away) {
              throw new IllegalStateException("the bus is away");
            }
          }
        };

    @Override
    public PubSubStore pubSubStore() {
      return store;
    }
  }

  @Test
  void pingTimeout_whoseAcknowledgementTimeoutThrows_endsTheSessionForBoth() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a").configuration(SessionEndIT::fastPings).start()) {
      pod.server().addConnectListener(client -> client.sendEvent("ask", new NeverAnswered(), "x"));
      for (int i = 0; i < 3; i++) {
        TestHttp.get(pod, "EIO=4&transport=polling");
      }
      Await.until("all of them", () -> connections(pod) == 3);

      Await.until("none", () -> connections(pod) == 0);

      Await.until("none", () -> pod.server().getAllClients().isEmpty());
    }
  }

  private static final class NeverAnswered extends AckCallback<String> {
    NeverAnswered() {
      super(String.class);
    }

    @Override
    public void onSuccess(String answer) {}

    @Override
    public void onTimeout() {
      throw new IllegalStateException("nobody answered");
    }
  }

  @Test
  void pingTimeout_whileAListenerRuns_countsAsLost() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .configuration(SessionEndIT::fastPings)
            .policy(policy -> policy.withReadinessDelayMax(Duration.ofSeconds(5)))
            .start()) {
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch asked = new CountDownLatch(1);
      pod.server()
          .addEventListener(
              "block",
              String.class,
              (client, nothing, ack) -> {
                asked.countDown();
                release.await();
              });
      ScriptedPoller poller = ScriptedPoller.join(pod);
      CompletableFuture<DrainReport> drain = pod.drain();

      poller.post("42[\"block\",\"\"]");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      Await.until("its end", () -> connections(pod) == 0);
      release.countDown();
      pod.hurry();

      assertThat(FeedServer.receipt(drain).count(Outcome.LOST)).isOne();
    }
  }

  @Test
  void close_byAPoller_countsAsLeft() throws Exception {
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(policy -> policy.withReadinessDelayMax(Duration.ofSeconds(2)))
            .start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      CompletableFuture<DrainReport> drain = pod.drain();

      poller.post("1");
      Await.until("its end", () -> connections(pod) == 0);
      pod.hurry();

      assertThat(FeedServer.receipt(drain).count(Outcome.LEFT)).isOne();
    }
  }

  @Test
  void rejoin_inOneUpload_keepsAPollerUntilItHasGone() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.join(pod);

      poller.post("41\u001e40");

      assertThat(connections(pod)).isOne();
      poller.post("42[\"upload\",\"again\",1]");
      Await.until("its upload", () -> pod.uploads().has("again", 1));
      poller.post("41");
      Await.until("gone", () -> connections(pod) == 0);
      assertThat(poller.poll().body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
      assertThat(pod.server().getAllClients()).isEmpty();
    }
  }

  @Test
  void stop_ofAServer_endsItsSessions() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.stock(pod)) {
      ScriptedPoller.join(pod);
      ScriptedPoller.join(pod);
      assertThat(connections(pod)).isEqualTo(3);

      pod.server().stop();

      assertThat(connections(pod)).isZero();
      assertThatThrownBy(() -> pod.server().start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("stopped")
          .hasMessageContaining("expected");
      assertThat(client.wire().ended()).isTrue();
      assertThat(pod.drained().tracked()).isZero();
    }
  }

  @Test
  void detach_ofARunningServer_leavesItAsOneThatDoesNotDrain() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      ScriptedPoller poller = ScriptedPoller.join(pod);
      client.awaitEvent("drain:hello");

      pod.adapter().detach();
      pod.adapter().detach();

      assertThat(connections(pod)).isZero();
      assertThat(pod.drained().tracked()).isZero();
      try (ScriptedClient late = ScriptedClient.stock(pod)) {
        late.emit("", "\"upload\",\"late\",1");
        client.emit("", "\"upload\",\"early\",1");
        poller.post("42[\"upload\",\"poller\",1]");
        for (String name : List.of("late", "early", "poller")) {
          Await.until(name, () -> pod.uploads().has(name, 1));
        }
      }
      assertThat(client.events("drain:reconnect")).isEmpty();
    }
  }
}
