package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.Patterns.Bus;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples of docs/patterns.md, with two pods and clients that follow the test's commands. */
class PatternsIT {
  private static final String LANDED = "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}";

  private final FeedServer podA = FeedServer.named("pod-a").start();
  private final FeedServer podB = FeedServer.named("pod-b").start();
  private final MemoryBus bus = new MemoryBus();
  private final AtomicInteger marks = new AtomicInteger();

  /** A bus in memory, which also notes what was said. */
  static final class MemoryBus implements Bus {
    final List<String> said = new CopyOnWriteArrayList<>();
    private final Map<String, List<Consumer<Object>>> hearing = new ConcurrentHashMap<>();

    @Override
    public void publish(String topic, Object message) {
      said.add(topic + " " + message);
      hearing.getOrDefault(topic, List.of()).forEach(heard -> heard.accept(message));
    }

    @Override
    public void subscribe(String topic, Consumer<Object> heard) {
      hearing.computeIfAbsent(topic, t -> new CopyOnWriteArrayList<>()).add(heard);
    }
  }

  @AfterEach
  void close() {
    podA.close();
    podB.close();
  }

  private static ScriptedClient open(FeedServer pod, String user, String more) throws Exception {
    return ScriptedClient.connect(pod, "EIO=4&drain=1&user=" + user + more).join("");
  }

  private static String hinted(ScriptedClient client) {
    ScriptedClient.Event hint = client.awaitEvent("drain:reconnect");
    client.acknowledge(hint);
    return hint.data().get("ticket").asText();
  }

  /** Everything that the server has said to a client until now has come. */
  private void upToDate(ScriptedClient client) {
    String mark = "\"upload\",\"mark\"," + marks.incrementAndGet();
    client.awaitAck("", client.emitForAck("", mark));
  }

  private static boolean disconnected(ScriptedClient client) {
    return client.wire().messages().contains("41");
  }

  private static void leave(ScriptedClient client) throws Exception {
    client.awaitAck("", client.emitForAck("", LANDED));
    client.wire().send("41");
    client.wire().sendClose();
  }

  @Test
  void oneSession_ofAClientThatMoves_goesOnAndTheNextDeviceKicksIt() throws Exception {
    ConcurrentHashMap<String, String> sessions = new ConcurrentHashMap<>();
    for (FeedServer pod : List.of(podA, podB)) {
      new Patterns.OneSession(pod.server(), pod.adapter(), sessions, bus).listen();
    }
    try (ScriptedClient old = open(podA, "u", "")) {
      CompletableFuture<DrainReport> drain = podA.drain();
      String ticket = hinted(old);
      try (ScriptedClient next = open(podB, "u", "&ticket=" + ticket)) {
        upToDate(old);
        assertThat(disconnected(old)).isFalse();
        assertThat(old.events("kicked")).isEmpty();
        assertThat(sessions).containsEntry("u", next.session().toString());

        leave(old);
        assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
        assertThat(sessions).containsEntry("u", next.session().toString());

        try (ScriptedClient device = open(podB, "u", "")) {
          next.awaitEvent("kicked");
          Await.until("it is out", () -> disconnected(next));
          assertThat(sessions).containsEntry("u", device.session().toString());
        }
      }
    }
  }

  @Test
  void oneSession_withAForgedTicket_isOne() throws Exception {
    ConcurrentHashMap<String, String> sessions = new ConcurrentHashMap<>();
    for (FeedServer pod : List.of(podA, podB)) {
      new Patterns.OneSession(pod.server(), pod.adapter(), sessions, bus).listen();
    }
    String ticket;
    try (ScriptedClient other = open(podA, "other", "");
        ScriptedClient first = open(podA, "u", "")) {
      podA.coordinator().shed(1); // of the one that has been here longest
      ticket = hinted(other);
      try (ScriptedClient second = open(podB, "u", "&ticket=" + ticket)) {
        first.awaitEvent("kicked");
        Await.until("it is out", () -> disconnected(first));
        assertThat(sessions).containsEntry("u", second.session().toString());
      }
    }
  }

  @Test
  void presence_ofAClientThatMoves_isOnlineAllTheTime() throws Exception {
    ConcurrentHashMap<String, Set<String>> online = new ConcurrentHashMap<>();
    for (FeedServer pod : List.of(podA, podB)) {
      new Patterns.Presence(pod.server(), online, bus).listen();
      new Patterns.ComingAndGoing(pod.server(), pod.adapter(), bus).listen();
    }
    try (ScriptedClient old = open(podA, "u", "")) {
      CompletableFuture<DrainReport> drain = podA.drain();
      String ticket = hinted(old);
      try (ScriptedClient next = open(podB, "u", "&ticket=" + ticket)) {
        leave(old);
        FeedServer.receipt(drain);
        assertThat(online.get("u")).containsExactly(next.session().toString());
        assertThat(bus.said).containsExactlyInAnyOrder("online u", "joined u");

        next.wire().sendClose();
        Await.until("it is out", () -> bus.said.size() == 4);
        assertThat(bus.said.subList(2, 4)).containsExactlyInAnyOrder("offline u", "left u");
      }
    }
  }

  @Test
  void limit_ofOne_admitsTheMoveAndNobodyElse() throws Exception {
    ConcurrentHashMap<String, Set<String>> sessions = new ConcurrentHashMap<>();
    for (FeedServer pod : List.of(podA, podB)) {
      new Patterns.Limit(1, pod.server(), pod.adapter(), sessions, bus).listen();
    }
    try (ScriptedClient old = open(podA, "u", "");
        ScriptedClient second = open(podA, "u", "")) {
      second.awaitEvent("too many");
      Await.until("it is out", () -> disconnected(second));
      second.wire().sendClose();
      CompletableFuture<DrainReport> drain = podA.drain();
      String ticket = hinted(old);
      try (ScriptedClient next = open(podB, "u", "&ticket=" + ticket)) {
        upToDate(next);
        upToDate(old);
        assertThat(disconnected(next)).isFalse();
        assertThat(disconnected(old)).isFalse();
        leave(old);
        FeedServer.receipt(drain);
        assertThat(sessions.get("u")).containsExactly(next.session().toString());
      }
    }
  }

  @Test
  void ban_ofAClientThatMoves_endsBothConnections() throws Exception {
    Set<String> banned = ConcurrentHashMap.newKeySet();
    Patterns.Bans bans = new Patterns.Bans(podA.server(), banned, bus);
    bans.listen();
    new Patterns.Bans(podB.server(), banned, bus).listen();
    try (ScriptedClient old = open(podA, "u", "")) {
      CompletableFuture<DrainReport> drain = podA.drain();
      String ticket = hinted(old);
      try (ScriptedClient next = open(podB, "u", "&ticket=" + ticket);
          ScriptedClient other = open(podB, "other", "")) {
        bans.ban("u");

        Await.until("both are out", () -> disconnected(old) && disconnected(next));
        upToDate(other);
        assertThat(disconnected(other)).isFalse();
        try (ScriptedClient again = ScriptedClient.connect(podB, "EIO=4&drain=1&user=u")) {
          Await.until("no way in", () -> disconnected(again) || again.wire().ended());
        }
      }
      old.wire().sendClose();
      FeedServer.receipt(drain);
    }
  }

  @Test
  void everybodyBut_aClientThatMoves_leavesOutBothConnections() throws Exception {
    for (FeedServer pod : List.of(podA, podB)) {
      new Patterns.EverybodyBut(pod.server(), pod.adapter(), bus).listen();
    }
    try (ScriptedClient old = open(podA, "u", "")) {
      CompletableFuture<DrainReport> drain = podA.drain();
      String ticket = hinted(old);
      try (ScriptedClient next = open(podB, "u", "&ticket=" + ticket);
          ScriptedClient other = open(podB, "other", "")) {
        old.emit("", "\"chat\",\"one\"");
        upToDate(old);
        next.emit("", "\"chat\",\"two\"");
        upToDate(next);
        upToDate(old);

        other.awaitEvents("chat", 2);
        assertThat(old.events("chat")).isEmpty();
        assertThat(next.events("chat")).isEmpty();
        leave(old);
        FeedServer.receipt(drain);
      }
    }
  }
}
