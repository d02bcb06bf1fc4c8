package io.gracefuldrain.sample.handover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.report.PodLog;
import io.gracefuldrain.lab.report.SessionLine;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.sample.NodeProcess;
import io.gracefuldrain.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Sessions are handed over between real pods. HandOverFaultsIT has what goes wrong on the way. */
@EnabledIfSystemProperty(named = "drain.full", matches = "true")
class HandOverIT {
  private static final int EACH = 2;

  /**
   * Versions of socket.io-client. In Node, those before 4.8 do not reach a netty-socketio by
   * long-polling (they ask for {@code b64}, which it answers in the form of protocol 3).
   */
  private static final List<String> VERSIONS = List.of("4.6", "4.7", "4.8");

  private static final String WITH_POLLING = "4.8";

  /** A pod for those that come from another one. */
  private static KeyedPod next;

  @BeforeAll
  static void start() throws Exception {
    next = new KeyedPod.Plan("next").start();
  }

  @AfterAll
  static void stop() {
    next.close();
  }

  // ---------------------------------------------------------------- the stock JavaScript client

  /** Through two drains, one after the other, each to another pod. */
  @Test
  void stockJavaScriptClients_twoDrains_loseNothing() throws Exception {
    try (KeyedPod first = new KeyedPod.Plan("first").begin();
        KeyedPod second = new KeyedPod.Plan("second").begin();
        Door door = new Door()) {
      door.leadTo(first.awaitServing());
      second.awaitServing();
      List<NodeProcess> clients = new ArrayList<>();
      try {
        for (String version : VERSIONS) {
          clients.add(
              NodeProcess.of(
                  version,
                  "recovering.js",
                  List.of(
                      door.url(),
                      String.valueOf(EACH),
                      "50",
                      "10",
                      version.equals(WITH_POLLING) ? "too" : "only")));
        }
        door.leadTo(second);
        first.drain();
        awaitBack(clients, 1);
        door.leadTo(next);
        second.drain();
        awaitBack(clients, 2);
        for (NodeProcess each : clients) {
          each.end();
        }
        first.awaitReceipt();
        second.awaitReceipt();
        for (int i = 0; i < clients.size(); i++) {
          assertLostNothing(VERSIONS.get(i), clients.get(i), List.of(first.end(), second.end()));
        }
      } finally {
        clients.forEach(NodeProcess::close);
      }
    }
  }

  private static void awaitBack(List<NodeProcess> clients, int times) {
    Await.until(
        () -> "all are back: " + clients.stream().map(NodeProcess::told).toList(),
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < clients.size(); i++) {
            if (aways(clients.get(i)).size() < times * of(VERSIONS.get(i))) {
              return false;
            }
          }
          return true;
        });
  }

  /** How many clients there are of a version. */
  private static int of(String version) {
    return version.equals(WITH_POLLING) ? 2 * EACH : EACH;
  }

  private static List<JsonNode> aways(NodeProcess clients) {
    return clients.told().stream().filter(each -> each.has("recovered")).toList();
  }

  private static void assertLostNothing(String version, NodeProcess clients, List<PodLog> drained) {
    assertThat(aways(clients))
        .as("socket.io-client %s", version)
        .hasSize(2 * of(version))
        .allMatch(each -> each.path("recovered").asBoolean());
    Map<String, SessionLine> sessions = new HashMap<>();
    drained.forEach(log -> log.sessions().forEach(each -> sessions.put(each.sid(), each)));
    List<JsonNode> all = clients.told().stream().filter(each -> each.has("sids")).toList();
    assertThat(all).hasSize(of(version));
    for (JsonNode each : all) {
      assertThat(each.path("received").asLong()).isPositive();
      for (String nothing : List.of("missing", "again", "damaged")) {
        assertThat(each.path(nothing).asLong())
            .as("%s of socket.io-client %s: %s", nothing, version, each)
            .isZero();
      }
      assertUploaded(each, sessions);
    }
  }

  /** Over the sessions that have ended, one after the other. */
  private static void assertUploaded(JsonNode client, Map<String, SessionLine> sessions) {
    assertThat(client.path("sids")).hasSize(3);
    long next = 1;
    for (int i = 0; i < 2; i++) {
      SessionLine session = sessions.get(client.path("sids").path(i).asText());
      assertThat(session).as("session %s of %s", i, client).isNotNull();
      SessionLine.Posts posts = session.posted();
      assertThat(posts.odd()).as("%s of %s", session, client).isZero();
      assertThat(posts.first()).as("%s of %s", session, client).isEqualTo(next);
      assertThat(posts.last()).as("%s of %s", session, client).isNotNull();
      next = 1 + posts.last();
      assertThat(session.outcome()).isEqualTo("LANDED");
    }
  }

  // ---------------------------------------------------------------- answers that are lost

  @Test
  void takesAnswer_lostOnce_isAskedAgain() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("asked-twice");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).start();
        Door door = new Door().leadTo(old);
        Crew crew = Crew.of(door, Map.of(ClientKind.LEAN_RECOVERING, 1))) {
      between.way(Between.Way.LOSE_ONE_TAKE);
      door.leadTo(next);
      old.drain();
      crew.awaitLetGo().awaitBackOn(next);
      CrowdReport report = crew.stop();
      old.awaitReceipt();
      assertThat(between.takes()).isEqualTo(2);
      Crew.assertNoWorse(report);
      assertThat(Crew.recovered(report)).isOne();
      assertThat(report.counts().missing()).isZero();
    }
  }

  // ---------------------------------------------------------------- tokens

  /**
   * Each is answered with a session of its own, and takes nothing from the one that it is about.
   */
  @Test
  void tokens_ofNoUse_areANewSession() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("owner");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).start();
        Door door = new Door().leadTo(old);
        RawSession owner = new RawSession(door, new JSONObject().put("user", "ada").toString())) {
      owner.awaitFeed();
      String pid = owner.pid();
      door.leadTo(next);

      // While its owner is connected it is nobody's.
      assertNew(door, RawSession.auth("ada", pid), pid);

      old.drain();
      owner.awaitEnd();

      // Before anybody is asked: no token at all, another one, a longer one.
      int asked = between.asked("next");
      String forged = pid.substring(0, pid.length() - 2) + (pid.endsWith("AA") ? "BB" : "AA");
      for (String wrong :
          List.of("x", "", pid + "A", forged, pid.repeat(100), "\u0000\ud83d\ude00")) {
        assertNew(door, RawSession.auth("ada", wrong), wrong);
      }
      assertThat(between.asked("next")).isEqualTo(asked);

      // Another user's, or one that says no user.
      assertNew(door, RawSession.auth("eve", pid), pid);
      assertNew(door, new JSONObject().put("pid", pid).toString(), pid);

      // Its owner's, once.
      try (RawSession back = new RawSession(door, RawSession.auth("ada", pid))) {
        assertThat(back.pid()).isEqualTo(pid);
        back.awaitFeed();
        List<Long> all = new ArrayList<>(owner.feed());
        all.addAll(back.feed());
        for (int i = 1; i < all.size(); i++) {
          assertThat(all.get(i)).as("%s", all).isEqualTo(all.get(i - 1) + 1);
        }
        assertNew(door, RawSession.auth("ada", pid), pid);
      }
    }
  }

  private static void assertNew(Door door, String auth, String pid) throws Exception {
    try (RawSession session = new RawSession(door, auth)) {
      assertThat(session.pid()).as("answer to %s", auth).isNotEqualTo(pid).isNotEmpty();
      session.awaitFeed();
    }
  }
}
