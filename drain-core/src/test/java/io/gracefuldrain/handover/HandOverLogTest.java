package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.Logged;
import io.gracefuldrain.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** What the log says of the hand-over, and what it never does. */
@Isolated("the lines of others are the same")
final class HandOverLogTest {
  private static final String OTHER_KEY = "other-0123456789abcdef0123456789";

  private static List<String> linesOf(DrainPolicy policy) {
    Logger logger = (Logger) LoggerFactory.getLogger(HandOver.class);
    logger.setLevel(Level.INFO);
    try {
      return linesAt(policy);
    } finally {
      logger.setLevel(null);
    }
  }

  private static List<String> linesAt(DrainPolicy policy) {
    try (Logged log = new Logged(HandOver.class);
        DrainCoordinator coordinator = DrainCoordinator.create(policy)) {
      HandOver handOver = HandOver.of(coordinator);
      HandOver.of(coordinator);
      if (handOver.on()) {
        handOver.token("a");
        handOver.token("b");
      }
      return List.copyOf(log.lines());
    }
  }

  @Test
  void start_saysOnceWhetherItIsOn() {
    DrainPolicy on = TestPod.policy("pod-a").withHandoverPort(8081);

    assertThat(linesOf(on))
        .containsExactly(
            "DRAIN-070 hand-over of sessions is on, with key " + on.ticketKeyNames().get(0));
    DrainPolicy both = on.withTicketKey(OTHER_KEY + "," + TestPod.KEY);
    assertThat(linesOf(both))
        .containsExactly(
            "DRAIN-070 hand-over of sessions is on, with key "
                + both.ticketKeyNames().get(0)
                + "; also valid: "
                + on.ticketKeyNames().get(0));
    assertThat(linesOf(on.withTicketKey("")))
        .containsExactly("DRAIN-070 hand-over of sessions is off: there is no DRAIN_TICKET_KEY");
    assertThat(linesOf(on.withHandover(DrainPolicy.Handover.OFF)))
        .containsExactly("DRAIN-070 hand-over of sessions is off, as DRAIN_HANDOVER says");
  }

  @Test
  void token_ofAPodThatCannotBeAsked_saysOnceWhatIsMissing() {
    assertThat(linesOf(TestPod.policy("pod-a").withPodIp("")))
        .endsWith(
            "DRAIN-071 other pods cannot ask this one for sessions: it does not know its address"
                + " (expected: DRAIN_POD_IP to be set)")
        .hasSize(2);
    assertThat(linesOf(TestPod.policy("pod-a")))
        .endsWith(
            "DRAIN-071 other pods cannot ask this one for sessions: the port is not known"
                + " (expected: a DrainHttpServer, DrainEndpoints.servedOn, or DRAIN_HANDOVER_PORT to"
                + " be set)")
        .hasSize(2);
  }

  @Test
  void start_ofAPodWithoutItsAddress_saysSo() {
    try (Logged log = new Logged(HandOver.class);
        DrainCoordinator coordinator =
            DrainCoordinator.create(TestPod.policy("pod-a").withPodIp(""))) {
      HandOver handOver = HandOver.of(coordinator);
      coordinator.started();
      Await.until(() -> !lines(log, "DRAIN-071").isEmpty());
      assertThat(handOver.token("a")).startsWith(HandOver.PREFIX);

      assertThat(lines(log, "DRAIN-071"))
          .containsExactly(
              "DRAIN-071 other pods cannot ask this one for sessions: it does not know its address"
                  + " (expected: DRAIN_POD_IP to be set)");
    }
  }

  private static List<String> lines(Logged log, String code) {
    return log.lines().stream().filter(line -> line.startsWith(code)).toList();
  }

  /** Another key is seen at the pod where the clients turn up. */
  @Test
  void tokens_ofAnotherKey_areALineAMinute_andAreCounted() {
    ManualTime time = new ManualTime();
    try (Logged log = new Logged(HandOver.class);
        TestPod a = TestPod.start("pod-a");
        TestPod b = TestPod.start(TestPod.policy("pod-b").withTicketKey(OTHER_KEY))) {
      Live live = new Live(b.coordinator, time, Duration.ofSeconds(1));
      String token = a.handOver.token("alice");
      for (int i = 0; i < 100; i++) {
        live.unreadable(token);
      }
      live.unreadable("another text");
      live.unreadable(live.token("alice", Duration.ofMinutes(-2))); // it has expired
      assertThat(lines(log, "DRAIN-078")).hasSize(1);
      time.pass(Duration.ofMinutes(1));
      live.unreadable("drain_x");

      assertThat(lines(log, "DRAIN-078"))
          .containsExactly(
              "DRAIN-078 clients bring tokens that this pod cannot read, 1 in all; the last one"
                  + " names key "
                  + a.coordinator.policy().ticketKeyNames().get(0)
                  + " (expected: "
                  + b.coordinator.policy().ticketKeyNames().get(0)
                  + ", as DRAIN_TICKET_KEY has it here)",
              "DRAIN-078 clients bring tokens that this pod cannot read, 100 in all; the last one"
                  + " names key none (expected: "
                  + b.coordinator.policy().ticketKeyNames().get(0)
                  + ", as DRAIN_TICKET_KEY has it here)");
      assertThat(log.lines()).noneMatch(line -> line.contains(token));
      assertThat(b.coordinator.report().handedOver().fetched())
          .isEqualTo(Map.of(HandOverResult.UNREADABLE, 101L));
      assertThat(b.coordinator.report().toJson())
          .contains("\"fetched\":{\"UNREADABLE\":101}")
          .contains("\"keys\":[\"" + b.coordinator.policy().ticketKeyNames().get(0) + "\"]");
    }
  }

  @Test
  void start_ofAPodWhoseOwnAddressIsOutsideOfThePeers_saysSo() {
    try (Logged log = new Logged(HandOver.class);
        DrainCoordinator coordinator =
            DrainCoordinator.create(
                TestPod.policy("pod-a").withPodIp("203.0.113.5").withHandoverPort(8081))) {
      HandOver.of(coordinator);
      coordinator.started();

      Await.until(
          () ->
              log.lines()
                  .contains(
                      "DRAIN-071 other pods cannot ask this one for sessions: its address"
                          + " 203.0.113.5 is outside of DRAIN_PEERS (expected: a range that has the"
                          + " addresses of all pods)"));
    }
  }

  @Test
  void refusals_manyOfAKind_areALineWithoutSecrets() {
    try (Logged log = new Logged(HandOver.class);
        TestPod pod = TestPod.start("pod-a")) {
      Live live = new Live(pod.coordinator, new ManualTime(), Duration.ofSeconds(1));
      HandOverDesk desk = new HandOverDesk(pod.coordinator, new ManualTime());
      String token = live.token("alice");
      PeerRequest take = new PeerRequest(PeerRequest.TAKE, token, "r", "", "pod-b", "1", "n");
      String mark = new TokenKeys(List.of(TestPod.KEY)).mark(0, take.text());
      Map<String, String> headers = take.headers(mark);
      for (int i = 0; i < 100; i++) {
        var take1 = desk.answer(PeerRequest.TAKE, headers::get).join();
        var prepare1 = desk.answer(PeerRequest.PREPARE, headers::get).join();
        assertThat(List.of(take1.status(), prepare1.status())).containsOnly(403);
      }

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("DRAIN-072"))
          .hasSize(2)
          .anyMatch(line -> line.contains("Drain-Time: 1 (expected: within 60 s of "))
          .anyMatch(line -> line.contains("Drain-Mac: wrong (expected: "));
      assertThat(log.lines()).noneMatch(line -> line.contains(token) || line.contains(mark));
      assertThat(log.lines()).noneMatch(line -> line.contains(TestPod.KEY));
    }
  }

  @Test
  void fetches_thatFail_areALineWithoutSecrets() {
    try (Logged log = new Logged(HandOver.class);
        TestPod a = TestPod.start(TestPod.policy("pod-a").withPodIp("10.1.2.3"));
        TestPod b = TestPod.start("pod-b")) {
      String token = a.handOver.token("alice");
      for (int i = 0; i < 100; i++) {
        try {
          b.handOver.prepare(token, new byte[0]).toCompletableFuture().join();
        } catch (CompletionException e) {
          assertThat(e.getMessage()).doesNotContain(token);
        }
      }

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("DRAIN-073"))
          .containsExactly(
              "DRAIN-073 a session of another pod was not fetched, 1 in all of this kind: 10.1.2.3"
                  + " (expected: one within DRAIN_PEERS)");
      assertThat(log.lines()).noneMatch(line -> line.contains(token));
    }
  }
}
