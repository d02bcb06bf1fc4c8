package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AuthorizationResult;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.MovedFrom;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the application's listeners can ask about a client that moves. */
class MoveListenersIT {
  /** What a pod's listeners were told of each client that came or went. */
  private static final class Book {
    private final SocketIoDrain drain;
    final List<Optional<MovedFrom>> came = new CopyOnWriteArrayList<>();
    final List<Optional<String>> went = new CopyOnWriteArrayList<>();
    final List<Boolean> asked = new CopyOnWriteArrayList<>();

    Book(FeedServer pod) {
      drain = pod.adapter();
      pod.server().addConnectListener(client -> came.add(drain.movedFrom(client)));
      pod.server()
          .addDisconnectListener(
              client -> {
                asked.add(drain.moving(client));
                went.add(drain.movedTo(client));
              });
    }
  }

  private static final String LANDED = "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}";

  private static ScriptedClient moved(FeedServer to, String ticket) throws Exception {
    return ScriptedClient.connect(to, "EIO=4&drain=1&ticket=" + ticket).join("");
  }

  @Test
  void movedFrom_inAConnectListener_isTheConnectionThatTheTicketNames() throws Exception {
    try (FeedServer podA = FeedServer.named("pod-a").start();
        FeedServer podB = FeedServer.named("pod-b").start();
        ScriptedClient client = ScriptedClient.aware(podA)) {
      Book book = new Book(podB);
      CompletableFuture<DrainReport> drain = podA.drain();
      String ticket = client.awaitEvent("drain:reconnect").data().get("ticket").asText();

      try (ScriptedClient next = moved(podB, ticket);
          ScriptedClient fresh = ScriptedClient.aware(podB);
          ScriptedClient forged = moved(podB, "forged");
          ScriptedClient stock = ScriptedClient.connect(podB, "EIO=4&ticket=" + ticket).join("")) {
        assertThat(book.came)
            .containsExactly(
                Optional.of(new MovedFrom("pod-a", "g1", client.session().toString())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        SocketIOClient there = podB.server().getClient(next.session());
        assertThat(podB.adapter().movedFrom(there)).isPresent();
        assertThat(podB.adapter().moving(there)).as("was asked nothing here").isFalse();
        assertThat(List.of(fresh, forged, stock)).doesNotContainNull();
      }
      FeedServer.receipt(drain);
    }
  }

  @Test
  void movedFrom_inAnAuthorizationListener_isKnownAlready() throws Exception {
    List<HandshakeData> handshakes = new CopyOnWriteArrayList<>();
    try (FeedServer podA = FeedServer.named("pod-a").start();
        FeedServer podB =
            FeedServer.named("pod-b")
                .configuration(
                    c ->
                        c.setAuthorizationListener(
                            data -> {
                              handshakes.add(data);
                              return AuthorizationResult.SUCCESSFUL_AUTHORIZATION;
                            }))
                .start();
        ScriptedClient client = ScriptedClient.aware(podA)) {
      CompletableFuture<DrainReport> drain = podA.drain();
      String ticket = client.awaitEvent("drain:reconnect").data().get("ticket").asText();
      try (ScriptedClient next = moved(podB, ticket)) {
        assertThat(next.session()).isNotNull();
        assertThat(podB.adapter().movedFrom(handshakes.get(0)))
            .map(MovedFrom::connection)
            .contains(client.session().toString());
      }
      FeedServer.receipt(drain);
    }
  }

  @Test
  void movedTo_inADisconnectListener_isThePodWhereTheClientHasLanded() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      Book book = new Book(pod);
      try (ScriptedClient lands = ScriptedClient.aware(pod);
          ScriptedClient leaves = ScriptedClient.aware(pod)) {
        SocketIOClient client = pod.server().getClient(lands.session());
        assertThat(pod.adapter().moving(client)).isFalse();
        CompletableFuture<DrainReport> drain = pod.drain();
        lands.acknowledge(lands.awaitEvent("drain:reconnect"));
        leaves.acknowledge(leaves.awaitEvent("drain:reconnect"));
        assertThat(pod.adapter().moving(client)).isTrue();
        assertThat(pod.adapter().movedTo(client)).isEmpty();
        lands.awaitAck("", lands.emitForAck("", LANDED));
        assertThat(pod.adapter().movedTo(client)).contains("pod-b");

        lands.wire().send("41");
        Await.until("the first is out", () -> book.went.size() == 1);
        leaves.wire().sendClose();
        Await.until("both are out", () -> book.went.size() == 2);

        assertThat(book.went).containsExactly(Optional.of("pod-b"), Optional.empty());
        assertThat(book.asked).containsExactly(true, true);
        lands.wire().sendClose();
        DrainReport report = FeedServer.receipt(drain);
        assertThat(report.count(Outcome.LANDED)).isOne();
        assertThat(report.count(Outcome.LEFT)).isOne();
      }
    }
  }

  @Test
  void movedTo_ofAPollerAndOfAWebSocketThatIsCut_isKnownToo() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      Book book = new Book(pod);
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
      try (ScriptedClient client = ScriptedClient.aware(pod)) {
        CompletableFuture<DrainReport> drain = pod.drain();
        while (poller.packets().stream().noneMatch(packet -> packet.contains("drain:reconnect"))) {
          poller.poll(); // it has been here longest, and is the first
        }
        poller.post("429[" + LANDED + "]");
        poller.post("41");
        Await.until("it is out", () -> book.went.size() == 1);
        client.acknowledge(client.awaitEvent("drain:reconnect"));
        client.awaitAck("", client.emitForAck("", LANDED));
        client.wire().close();
        Await.until("both are out", () -> book.went.size() == 2);

        assertThat(book.went).containsExactly(Optional.of("pod-b"), Optional.of("pod-b"));
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isEqualTo(2);
      }
    }
  }

  @Test
  void movedTo_ofAClientThatWasNotAskedToMove_isNothing() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient liar = ScriptedClient.aware(pod)) {
      Book book = new Book(pod);
      liar.awaitEvent("drain:hello");
      liar.awaitAck("", liar.emitForAck("", LANDED));

      liar.wire().sendClose();
      Await.until("it is out", () -> book.went.size() == 1);

      assertThat(book.went).containsExactly(Optional.empty());
      assertThat(book.asked).containsExactly(false);
    }
  }

  @Test
  void hello_ofTwoProcesses_namesDifferentEpochs() throws Exception {
    try (FeedServer first = FeedServer.named("pod-a").start();
        FeedServer restarted = FeedServer.named("pod-a").start();
        ScriptedClient here = ScriptedClient.aware(first);
        ScriptedClient there = ScriptedClient.aware(restarted)) {
      String epoch = here.awaitEvent("drain:hello").data().get("epoch").asText();

      assertThat(epoch).isEqualTo(first.coordinator().processEpoch()).isNotEmpty();
      assertThat(there.awaitEvent("drain:hello").data().get("epoch").asText()).isNotEqualTo(epoch);
    }
  }
}
