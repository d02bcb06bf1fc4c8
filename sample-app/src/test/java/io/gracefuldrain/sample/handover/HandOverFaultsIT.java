package io.gracefuldrain.sample.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.testing.Await;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong while sessions are handed over between real pods. In none of it is a client worse
 * off than without hand-over.
 */
@EnabledIfSystemProperty(named = "drain.full", matches = "true")
class HandOverFaultsIT {
  private static final int CLIENTS = 8;

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

  // ---------------------------------------------------------------- pods that die

  @Test
  void oldPod_killedWhileItsMailboxesAreFull_itsClientsBeginAnew() throws Exception {
    try (KeyedPod old = new KeyedPod.Plan("killed").start();
        Door door = new Door().leadTo(old);
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      door.shut();
      old.drain();
      crew.awaitLetGo().awaitRefused();
      old.kill();
      door.leadTo(next);
      crew.awaitBackOn(next);
      CrowdReport report = crew.stop();
      Crew.assertNoWorse(report);
      assertThat(Crew.recovered(report)).isZero();
      assertThat(report.counts().missing()).isPositive();
    }
  }

  /** It stops without a word, as a node does that hangs: each question takes all its time. */
  @Test
  void oldPod_hangsWhileItsMailboxesAreFull_itsClientsBeginAnew() throws Exception {
    try (KeyedPod old = new KeyedPod.Plan("hung").start();
        Door door = new Door().leadTo(old);
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      door.shut();
      old.drain();
      crew.awaitLetGo().awaitRefused();
      old.signal("STOP");
      try {
        door.leadTo(next);
        crew.awaitBackOn(next);
        CrowdReport report = crew.stop();
        Crew.assertNoWorse(report);
        assertThat(Crew.recovered(report)).isZero();
      } finally {
        old.signal("CONT");
      }
    }
  }

  /** The sessions wait on, for the pod where their clients turn up next. */
  @Test
  void newPod_killedBetweenPrepareAndTake_theNextOneTakesThem() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("waits");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).begin();
        KeyedPod dies = new KeyedPod.Plan("dies").with("DRAIN_HANDOVER_TIMEOUT", "20s").begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.overWebSocket(door, 1)) {
      dies.awaitServing();
      between.way(Between.Way.HOLD_TAKES);
      door.leadTo(dies);
      old.drain();
      crew.awaitLetGo();
      Await.until("it has prepared, and takes", () -> between.takes() > 0);
      dies.kill();
      between.way(Between.Way.PASS);
      door.leadTo(next);
      crew.awaitBackOn(next);
      CrowdReport report = crew.stop();
      old.awaitReceipt();
      Crew.assertNoWorse(report);
      assertThat(Crew.recovered(report)).isOne();
      assertThat(report.counts().missing()).isZero();
    }
  }

  /** The old pod has given them by then, and goes on to keep what is sent. */
  @Test
  void newPod_killedAfterTheTake_theNextOneTakesThemWithAllThatCameSince() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("given");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).begin();
        KeyedPod dies = new KeyedPod.Plan("dies-later").begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      dies.awaitServing();
      between.way(Between.Way.KEEP_TAKES);
      door.leadTo(dies);
      old.drain();
      crew.awaitLetGo();
      Await.until("all are taken", () -> between.takes() >= CLIENTS);
      dies.kill();
      between.way(Between.Way.PASS);
      door.leadTo(next);
      crew.awaitBackOn(next);
      CrowdReport report = crew.stop();
      old.awaitReceipt();
      Crew.assertNoWorse(report);
      assertThat(Crew.recovered(report)).isEqualTo(CLIENTS);
      assertThat(report.counts().missing()).isZero();
      assertThat(landed(old)).isEqualTo(CLIENTS);
    }
  }

  // ---------------------------------------------------------------- answers

  /** How many sessions the old pod's receipt says have landed. */
  private static long landed(KeyedPod old) {
    return outcome(old, "LANDED");
  }

  private static long outcome(KeyedPod old, String outcome) {
    return old.log().receipts().get(0).outcomes().getOrDefault(outcome, 0L);
  }

  /** It was given, and is nowhere else: it is waited for. */
  @Test
  void oldPodsAnswer_toATake_isWaitedForLongerThanOthers() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("slow");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).begin();
        KeyedPod quick = new KeyedPod.Plan("quick").with("DRAIN_HANDOVER_TIMEOUT", "3s").begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      between.way(Between.Way.SLOW_TAKES);
      door.leadTo(quick.awaitServing());
      old.drain();
      crew.awaitLetGo().awaitBackOn(quick);
      CrowdReport report = crew.stop();
      old.awaitReceipt();
      Crew.assertAllRecovered(report, CLIENTS, old.end(), quick.end());
      assertThat(landed(old)).isEqualTo(CLIENTS);
    }
  }

  /** Clients have all, and the old pod does not say what it does not know. */
  @Test
  void newPodsDone_neverHeard_isNoLanding() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("untold").with("DRAIN_SETTLE_GRACE", "3s");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).begin();
        KeyedPod mute = new KeyedPod.Plan("mute").begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      between.way(Between.Way.LOSE_DONES);
      door.leadTo(mute.awaitServing());
      old.drain();
      crew.awaitLetGo().awaitBackOn(mute);
      CrowdReport report = crew.stop();
      old.awaitReceipt();
      assertThat(landed(old)).isZero();
      assertThat(outcome(old, "CLOSED")).isEqualTo(CLIENTS);
      assertThat(old.output()).contains("\"unconfirmed\":" + CLIENTS);
      Crew.assertAllRecovered(report, CLIENTS, old.end(), mute.end());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Between.Way.class,
      names = {"LOSE_TAKES", "SILENT", "GARBAGE", "NONSENSE", "HUGE"})
  void oldPodsAnswer_neverGood_itsClientsBeginAnew(Between.Way way) throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("unheard");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).start();
        Door door = new Door().leadTo(old);
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      between.way(way);
      door.leadTo(next);
      old.drain();
      crew.awaitLetGo();
      crew.awaitBackOn(next);
      CrowdReport report = crew.stop();
      assertThat(between.asked("next")).isPositive();
      Crew.assertNoWorse(report);
      assertThat(Crew.recovered(report)).isZero();
      assertThat(next.alive()).isTrue();
      old.awaitReceipt();
      assertThat(landed(old)).isZero();
    }
  }

  @Test
  void oldPod_outsideOfThePeers_isNotAsked() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("foreign");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).begin();
        KeyedPod strict = new KeyedPod.Plan("strict").with("DRAIN_PEERS", "10.0.0.0/8").begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      door.leadTo(strict.awaitServing());
      old.drain();
      crew.awaitLetGo();
      crew.awaitBackOn(strict);
      CrowdReport report = crew.stop();
      assertThat(between.asked("strict")).isZero();
      Crew.assertNoWorse(report);
      assertThat(Crew.recovered(report)).isZero();
    }
  }

  /** A rotation of keys ends with pods that no longer know the key of the oldest ones. */
  @Test
  void newPod_withAnotherKey_asksNobody() throws Exception {
    KeyedPod.Plan plan = new KeyedPod.Plan("old-key");
    try (Between between = new Between(plan.managementPort());
        KeyedPod old = plan.asked(between.port()).begin();
        KeyedPod other =
            new KeyedPod.Plan("new-key").with("DRAIN_TICKET_KEY", KeyedPod.OTHER_KEY).begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      door.leadTo(other.awaitServing());
      old.drain();
      crew.awaitLetGo();
      crew.awaitBackOn(other);
      CrowdReport report = crew.stop();
      assertThat(between.asked("new-key")).isZero();
      Crew.assertNoWorse(report);
      assertThat(Crew.recovered(report)).isZero();
    }
  }

  /** In the middle of it, new pods know both keys, and old ones only theirs. */
  @Test
  void newPod_withBothKeys_takesThem() throws Exception {
    try (KeyedPod old = new KeyedPod.Plan("one-key").begin();
        KeyedPod both =
            new KeyedPod.Plan("two-keys")
                .with("DRAIN_TICKET_KEY", KeyedPod.OTHER_KEY + "," + KeyedPod.KEY)
                .begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      door.leadTo(both.awaitServing());
      old.drain();
      crew.awaitLetGo().awaitBackOn(both);
      CrowdReport report = crew.stop();
      old.awaitReceipt();
      Crew.assertAllRecovered(report, CLIENTS, old.end(), both.end());
    }
  }

  // ---------------------------------------------------------------- drains

  /** Whoever turns up at a pod that has begun to drain, too, is let go by that, and moves on. */
  @Test
  void bothPods_drain_nothingIsLost() throws Exception {
    Map<ClientKind, Integer> who =
        Map.of(ClientKind.LEAN_RECOVERING, CLIENTS, ClientKind.LEAN_RECOVERING_UPGRADE, CLIENTS);
    try (KeyedPod first = new KeyedPod.Plan("first").begin();
        KeyedPod second = new KeyedPod.Plan("second").with("DRAIN_MOVE_WINDOW", "3s").begin();
        KeyedPod third = new KeyedPod.Plan("third").start();
        Door door = new Door().leadTo(first.awaitServing());
        Crew crew = Crew.of(door, who)) {
      door.leadTo(second.awaitServing());
      first.drain();
      crew.awaitLetGo().awaitBackOn(second); // by default they have gone over to WebSocket by then
      door.leadTo(third);
      second.drain();
      second.awaitReceipt();
      crew.awaitBackOn(third);
      CrowdReport report = crew.stop();
      first.awaitReceipt();
      Crew.assertAllRecovered(report, 2 * 2 * CLIENTS, first.end(), second.end(), third.end());
    }
  }

  @Test
  void oldPod_recalledWhileItsMailboxesAreFull_hasItsClientsBack() throws Exception {
    try (KeyedPod old = new KeyedPod.Plan("recalled").start();
        Door door = new Door().leadTo(old);
        Crew crew = Crew.overWebSocket(door, CLIENTS)) {
      door.shut();
      old.drain();
      crew.awaitLetGo().awaitRefused();
      old.recall();
      door.leadTo(old);
      crew.awaitBackOn(old);
      CrowdReport report = crew.stop();
      Crew.assertAllRecovered(report, CLIENTS, old.end());
    }
  }

  // ---------------------------------------------------------------- many

  /**
   * Two pods, the clients and whatever else this machine does share its processors, so some may
   * begin anew: they are no worse off. How many is printed.
   */
  @Test
  void oldPod_ofTwoThousandInTenSeconds_nobodyIsWorseOff() throws Exception {
    int many = 2_000;
    try (KeyedPod old =
            new KeyedPod.Plan("crowded")
                .with("DRAIN_MOVE_WINDOW", "10s")
                .with("DRAIN_GRACE_PERIOD", "60s")
                .begin();
        KeyedPod roomy = new KeyedPod.Plan("roomy").begin();
        Door door = new Door().leadTo(old.awaitServing());
        Crew crew = Crew.of(door, Map.of(ClientKind.LEAN_RECOVERING, many), 1_000)) {
      door.leadTo(roomy.awaitServing());
      old.drain();
      old.awaitReceipt();
      crew.awaitBackOn(roomy);
      CrowdReport report = crew.stop();
      System.out.println("{\"recovered\":" + Crew.recovered(report) + ",\"of\":" + many + "}");
      System.out.println(roomy.metrics("drain_handover_fetch_seconds_count"));
      Crew.assertNoWorse(report);
      Crew.assertWhole(report);
      assertThat(Crew.recovered(report)).isPositive();
    }
  }
}
