package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Cookies;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** A proxy that leads clients back to their pod by a cookie, also while that pod drains. */
class AffinityIT {
  private static final String COOKIE = "route";
  private static final String EXPIRED = COOKIE + "=; Max-Age=0; Path=/";

  private static FeedServer pod(String name) {
    return FeedServer.named(name).policy(policy -> policy.withAffinityCookie(COOKIE)).start();
  }

  /** A stock client that keeps cookies. */
  private record Client(String name, Cookies cookies, Socket socket) implements AutoCloseable {
    static Client open(String name, Door door, String transport) {
      Cookies cookies = new Cookies();
      OkHttpClient http = new OkHttpClient.Builder().cookieJar(cookies).build();
      IO.Options options =
          IO.Options.builder().setForceNew(true).setTransports(new String[] {transport}).build();
      options.callFactory = http;
      options.webSocketFactory = http;
      Socket socket = IO.socket(URI.create("http://127.0.0.1:" + door.port()), options);
      socket.on(Socket.EVENT_CONNECT, nothing -> socket.emit("ready", name, FeedServer.QUIET));
      socket.connect();
      return new Client(name, cookies, socket);
    }

    String route() {
      return cookies.value(COOKIE).orElse("none");
    }

    @Override
    public void close() {
      socket.disconnect();
    }
  }

  private static void awaitAll(List<Client> clients, FeedServer pod) {
    Await.until(
        () -> "all on " + pod.coordinator().policy().pod() + ", of " + pod.sessions(),
        Rollout.RETURN,
        () ->
            clients.stream()
                .allMatch(
                    client ->
                        pod.sessions().stream()
                            .anyMatch(
                                session ->
                                    session.open() && session.name().equals(client.name()))));
  }

  @Test
  void drain_ofAPodToWhichACookieLeads_freesItsStockClients() throws Exception {
    List<Client> clients = new ArrayList<>();
    try (FeedServer podA = pod("pod-a");
        FeedServer podB = pod("pod-b");
        Door door = Door.sticky(COOKIE, podA, podB)) {
      for (String transport : List.of("websocket", "polling")) {
        for (int i = 0; i < 2; i++) {
          clients.add(Client.open(transport + i, door, transport));
        }
      }
      awaitAll(clients, podA);
      assertThat(clients).extracting(Client::route).containsOnly("pod-a");
      door.leadTo(podB);

      DrainReport report = podA.drained();
      awaitAll(clients, podB);

      assertThat(report.tracked()).isEqualTo(4);
      assertThat(clients).extracting(Client::route).containsOnly("pod-b");
    } finally {
      clients.forEach(Client::close);
    }
  }

  @Test
  void shed_ofPollersToWhichACookieLeads_freesThem() throws Exception {
    List<Client> clients = new ArrayList<>();
    try (FeedServer podA = pod("pod-a");
        FeedServer podB = pod("pod-b");
        Door door = Door.sticky(COOKIE, podA, podB)) {
      clients.add(Client.open("polling", door, "polling"));
      awaitAll(clients, podA);
      door.leadTo(podB);

      podA.coordinator().shed(1);

      awaitAll(clients, podB);
      assertThat(clients.get(0).route()).isEqualTo("pod-b");
    } finally {
      clients.forEach(Client::close);
    }
  }

  @Test
  void refusals_ofHandshakesAndOfUnknownSessions_expireTheCookie() throws Exception {
    try (FeedServer pod = pod("pod-a");
        ScriptedClient stays = ScriptedClient.aware(pod)) {
      String unknown = "EIO=4&transport=polling&sid=00000000-0000-0000-0000-000000000000";
      CompletableFuture<DrainReport> drain = pod.drain();
      stays.awaitEvent("drain:reconnect");

      TestHttp.Answer handshake = TestHttp.get(pod, "EIO=4&transport=polling");
      assertThat(handshake.status()).isEqualTo(503);
      assertThat(handshake.header("set-cookie")).isEqualTo(EXPIRED);
      TestHttp.Answer session = TestHttp.get(pod, unknown);
      assertThat(session.status()).isEqualTo(400);
      assertThat(session.header("set-cookie")).isEqualTo(EXPIRED);
      FeedServer.receipt(drain);
    }
  }

  @Test
  void webSocketWithTheCookie_isRefusedInAWayThatABrowserTakesItsCookieFrom() throws Exception {
    try (FeedServer pod = pod("pod-a");
        ScriptedClient stays = ScriptedClient.aware(pod)) {
      CompletableFuture<DrainReport> drain = pod.drain();
      stays.awaitEvent("drain:reconnect");
      String upgrade =
          String.join(
              "\r\n",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "");
      String query = "EIO=4&transport=websocket";

      TestHttp.Answer without = TestHttp.send(pod, "GET", query, upgrade, "");
      assertThat(without.status()).isEqualTo(503);
      TestHttp.Answer with =
          TestHttp.send(pod, "GET", query, upgrade + "Cookie: x=1; route=pod-a\r\n", "");
      assertThat(with.status()).isEqualTo(101);
      assertThat(with.header("set-cookie")).isEqualTo(EXPIRED);
      assertThat(with.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(with.body()).as("a frame that nobody can read").isNotEmpty();
      assertThat(pod.server().getAllClients()).hasSize(1);
      FeedServer.receipt(drain);
    }
  }

  @Test
  void jsClientsWithTheCookie_thatAreRefusedOverAWebSocket_tryAgainAtOnce() throws Exception {
    Set<ClientKind> kinds = EnumSet.of(ClientKind.JS4_WEBSOCKET, ClientKind.JS2_WEBSOCKET);
    try (Rollout rollout =
        new Rollout(kinds, 2, pod -> pod.policy(policy -> policy.withAffinityCookie(COOKIE)))) {
      Map<String, String> cookie = Map.of("cookie", COOKIE + "=pod-a");
      rollout.arrive(TestCrowd.Upload.STEADY, "http", Map.of("extraHeaders", cookie));
      rollout.flows(rollout.podA());

      rollout.podA().drained(); // with the door still open there
      Await.until(
          "each tries again",
          () -> rollout.podA().coordinator().report().handshakesRefused() >= 2 * 4);
      rollout.drain();

      EveryClientIT.nothingIsLost(rollout.settle(), 2);
    }
  }

  @Test
  void ticketOfAShed_backAtItsPod_isRefusedAndExpiresTheCookie() throws Exception {
    try (FeedServer pod = pod("pod-a");
        FeedServer without = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod);
        ScriptedClient other = ScriptedClient.aware(without)) {
      client.awaitEvent("drain:hello");
      other.awaitEvent("drain:hello");
      pod.coordinator().shed(1);
      without.coordinator().shed(1);
      String ticket = client.awaitEvent("drain:reconnect").data().get("ticket").asText();
      String same = other.awaitEvent("drain:reconnect").data().get("ticket").asText();

      TestHttp.Answer back = TestHttp.get(pod, "EIO=4&transport=polling&drain=1&ticket=" + ticket);
      assertThat(back.status()).isEqualTo(503);
      assertThat(back.header("set-cookie")).isEqualTo(EXPIRED);
      assertThat(pod.coordinator().report().shedCameBack()).isOne();

      TestHttp.Answer admitted =
          TestHttp.get(without, "EIO=4&transport=polling&drain=1&ticket=" + same);
      assertThat(admitted.status()).as("without a cookie").isEqualTo(200);
      assertThat(without.coordinator().report().shedCameBack()).isOne();
    }
  }
}
