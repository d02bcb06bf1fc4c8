package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.PatternsIT.MemoryBus;
import io.gracefuldrain.socketio.TokenClientIT.Pod;
import io.gracefuldrain.testing.Await;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The examples of docs/patterns.md, with a stock client whose session is handed over. */
class HandedPatternsIT {
  private final MemoryBus bus = new MemoryBus();

  /** What the client was told, by its events. */
  private final List<String> told = new CopyOnWriteArrayList<>();

  /**
   * Has one client of the user u on a pod of two, and drains that pod.
   *
   * @param pattern is used on each pod
   * @param check gets the id of its session on the next pod, while it is there
   */
  private void handedOver(Consumer<FeedServer> pattern, Consumer<String> check) throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b");
        Door door = new Door(a.server, b.server)) {
      pattern.accept(a.server);
      pattern.accept(b.server);
      Map<String, String> auth = new ConcurrentHashMap<>();
      IO.Options options =
          IO.Options.builder()
              .setQuery("user=u&drain-token=1")
              .setAuth(auth)
              .setForceNew(true)
              .setTransports(new String[] {"websocket"})
              .build();
      Socket socket = IO.socket("http://127.0.0.1:" + door.port(), options);
      socket.on(
          "drain:token",
          given -> {
            auth.put("pid", ((JSONObject) given[0]).optString("token"));
            told.add("recovered " + ((JSONObject) given[0]).optBoolean("recovered"));
          });
      for (String event : List.of("kicked", "too many")) {
        socket.on(event, given -> told.add(event));
      }
      socket.on("chat", given -> told.add("chat " + ((JSONObject) given[0]).optString("text")));
      socket.on(Socket.EVENT_DISCONNECT, why -> told.add(String.valueOf(why[0])));
      socket.connect();
      try {
        Await.until("it is here", () -> told.contains("recovered false"));
        door.leadTo(b.server);
        assertThat(a.server.drained().count(Outcome.LANDED)).isOne();
        Await.until("it is back", () -> told.contains("recovered true"));
        Await.until("its old session is over", () -> a.server.server().getAllClients().isEmpty());
        assertThat(told).doesNotContain("kicked", "too many", "io server disconnect");
        assertThat(socket.connected()).isTrue();
        SocketIOClient now = b.server.server().getAllClients().iterator().next();
        check.accept(now.getSessionId().toString());
      } finally {
        socket.disconnect();
      }
    }
  }

  @Test
  void oneSession_ofAClientThatIsHandedOver_goesOn() throws Exception {
    ConcurrentHashMap<String, String> sessions = new ConcurrentHashMap<>();
    handedOver(
        pod -> new Patterns.OneSession(pod.server(), pod.adapter(), sessions, bus).listen(),
        now -> {
          assertThat(bus.said).anyMatch(said -> said.startsWith("replaced "));
          assertThat(sessions).containsEntry("u", now);
        });
  }

  @Test
  void limit_ofOne_letsAClientThatIsHandedOverBackIn() throws Exception {
    ConcurrentHashMap<String, Set<String>> sessions = new ConcurrentHashMap<>();
    handedOver(
        pod -> new Patterns.Limit(1, pod.server(), pod.adapter(), sessions, bus).listen(),
        now -> assertThat(sessions).containsEntry("u", Set.of(now)));
  }

  @Test
  void lastMoments_ofABusThatLags_comeOnceEach() throws Exception {
    List<Consumer<String>> pods = new CopyOnWriteArrayList<>(); // what each hears
    AtomicBoolean letGo = new AtomicBoolean();
    handedOver(
        pod -> {
          MemoryBus own = new MemoryBus();
          new Patterns.LastMoments(pod.server(), pod.adapter(), own, new ConcurrentLinkedQueue<>())
              .listen();
          pods.add(text -> own.publish("chat", Map.of("text", text, "drainId", text)));
          pod.adapter().onLetGo(client -> letGo.set(true));
          pod.server()
              .addConnectListener(
                  client -> {
                    if (letGo.get()) { // on the new pod, which is ahead of the old one
                      pods.get(1).accept("ahead");
                      pods.forEach(hears -> hears.accept("both"));
                    }
                    client.joinRoom("chat");
                    if (letGo.get()) {
                      pods.forEach(hears -> hears.accept("later"));
                    }
                  });
        },
        now -> {
          Await.until("all of it", () -> told.contains("chat ahead"));
          assertThat(told.stream().filter(what -> what.startsWith("chat")))
              .containsExactly("chat both", "chat later", "chat ahead");
        });
  }

  /** With a store it is as if nothing had been. Without one it comes once more, and never goes. */
  @Test
  void presence_ofAClientThatIsHandedOver_isOnlineAllTheTime() throws Exception {
    ConcurrentHashMap<String, Set<String>> online = new ConcurrentHashMap<>();
    handedOver(
        pod -> {
          new Patterns.Presence(pod.server(), online, bus).listen();
          new Patterns.ComingAndGoing(pod.server(), pod.adapter(), bus).listen();
        },
        now -> {
          assertThat(online.get("u")).containsExactly(now);
          assertThat(bus.said).containsExactlyInAnyOrder("online u", "joined u", "joined u");
        });
  }
}
