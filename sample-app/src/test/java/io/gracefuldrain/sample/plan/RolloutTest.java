package io.gracefuldrain.sample.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gracefuldrain.DrainPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rollouts in virtual time, held to what is known of real ones. */
class RolloutTest {
  private static final Scenario.Mix STOCK = new Scenario.Mix(0, 0);
  private static final Scenario.Speed QUICK = new Scenario.Speed(5_000, Duration.ofMillis(200));

  @BeforeAll
  static void silence() {
    Options.silence();
  }

  private static Scenario scenario(int clients, int pods, int surge, Scenario.Mix mix) {
    return scenario(clients, pods, surge, mix, Duration.ofSeconds(10));
  }

  private static Scenario scenario(
      int clients, int pods, int surge, Scenario.Mix mix, Duration startUp) {
    return new Scenario(
            clients,
            pods,
            surge,
            mix,
            QUICK,
            0,
            startUp,
            Duration.ZERO,
            Duration.ofSeconds(2),
            Duration.ofMillis(20),
            DrainPolicy.defaults(),
            1)
        .over(Duration.ofSeconds(10));
  }

  private static Scenario taking(Scenario other, Scenario.Speed speed, int slow) {
    return new Scenario(
        other.clients(),
        other.pods(),
        other.surge(),
        other.mix(),
        speed,
        slow,
        other.startUp(),
        other.minReady(),
        other.propagation(),
        other.roundTrip(),
        other.policy(),
        other.seed());
  }

  @Test
  void play_onePod_arrivalsAreAsEvenAsEvenSlotsAndTheBackOffAllow() {
    Result result = Rollout.play(scenario(10_000, 1, 1, STOCK));

    Sample sample = Sample.of(result);
    assertThat(sample.moved()).isEqualTo(10_000);
    // Slots of the same length with this back-off, drawn apart from all of this: 1.26.
    assertThat(sample.peakOverMean()).isBetween(1.15, 1.45);
    assertThat(sample.slots()).isBetween(Duration.ofMillis(9_900), Duration.ofMillis(10_000));
    assertThat(Arrays.stream(sample.arrivals().counts()).sum()).isEqualTo(10_000);
    assertThat(sample.away().p50()).isBetween(950, 1_150);
    assertThat(sample.away().max()).isBetween(1_500, 1_800);
  }

  @Test
  void play_everyNewPodFirst_eachClientMovesOnce() {
    Result result = Rollout.play(scenario(5_000, 10, 10, STOCK));

    assertThat(result.clients().moves()).isEqualTo(1);
    assertThat(result.clients().mostMoves()).isEqualTo(1);
    assertThat(result.clients().cut()).isZero();
    assertThat(result.clients().failedConnects()).isZero();
    assertThat(result.course().pods()).isEqualTo(20);
    assertThat(result.load().largestCrowd()).isEqualTo(500);
  }

  /**
   * One pod after the other, far apart: a client lands on one of those that go later with their
   * share of all. That makes (1 + 1/n)^n - 1 moves, and the last pod has e times its part.
   */
  @Test
  void play_onePodAfterTheOther_clientsMoveAsOftenAsArithmeticSays() {
    Scenario apart = scenario(20_000, 10, 1, STOCK, Duration.ofMinutes(1));

    Result result = Rollout.play(apart);

    assertThat(result.clients().moves()).isCloseTo(Math.pow(1.1, 10) - 1, within(0.02));
    assertThat(result.load().largestCrowd()).isCloseTo(4_716, within(250)); // 2000 * 1.1^9
    assertThat(result.course().drainsAtOnce()).isEqualTo(1);
    assertThat(result.course().pods()).isEqualTo(12); // ten, the surge, and the one that drains
  }

  @Test
  void play_podsThatStartSoonerThanOthersDrain_moreOfThemDrainThanTheSurge() {
    Result result = Rollout.play(scenario(1_000, 10, 1, STOCK).over(Duration.ofSeconds(30)));

    assertThat(result.course().drainsAtOnce()).isGreaterThan(2);
    assertThat(result.course().pods()).isGreaterThan(12);
  }

  @Test
  void play_awareClients_areNeverAway() {
    Result result = Rollout.play(scenario(2_000, 4, 4, new Scenario.Mix(100, 0)));

    assertThat(result.clients().moves()).isEqualTo(1);
    assertThat(result.clients().away().count()).isZero();
    assertThat(result.clients().aware().count()).isEqualTo(2_000);
    assertThat(result.clients().aware().p50()).isLessThan(100);
  }

  @Test
  void play_recoveringClients_findTheirSessionAtTheOldPod() {
    Result result = Rollout.play(scenario(2_000, 4, 4, new Scenario.Mix(20, 50)));

    assertThat(result.clients().recovered()).isEqualTo(1_000);
    assertThat(result.clients().notRecovered()).isZero();
    assertThat(result.clients().cut()).isZero();
    // Those who do not recover are waited for: readiness delay, window and settle grace.
    assertThat(result.course().longestDrain())
        .isBetween(Duration.ofSeconds(20), Duration.ofMillis(21_500));
  }

  /** Receivers take nobody for three seconds: those who would wait there wait at their old pod. */
  @Test
  void play_closedLoopAndReceiversThatStandStill_shorterQueues() {
    for (Scenario.Mix mix : List.of(new Scenario.Mix(100, 0), new Scenario.Mix(0, 100))) {
      Scenario.Speed stalls =
          new Scenario.Speed(1_300, Duration.ofMillis(500), Duration.ofSeconds(3));
      Scenario open = taking(scenario(4_000, 4, 4, mix), stalls, 0);
      Result opened = Rollout.play(open);
      Result closed = Rollout.play(closed(open));

      assertThat(closed.load().deepest()).isLessThan(opened.load().deepest() * 3 / 4);
      assertThat(closed.clients().cut()).isZero();
      assertThat(closed.course().slots()).isLessThanOrEqualTo(opened.course().slots());
    }
  }

  @Test
  void play_closedLoopAndReceiversAsUsual_isAsOpen() {
    Scenario open = scenario(2_000, 4, 4, new Scenario.Mix(0, 100));

    assertThat(Rollout.play(closed(open)).arrivals().counts())
        .isEqualTo(Rollout.play(open).arrivals().counts());
  }

  private static Scenario closed(Scenario other) {
    return new Scenario(
        other.clients(),
        other.pods(),
        other.surge(),
        other.mix(),
        other.receiver(),
        other.slow(),
        other.startUp(),
        other.minReady(),
        other.propagation(),
        other.roundTrip(),
        other.policy().withPacingLoop(DrainPolicy.PacingLoop.CLOSED),
        other.seed());
  }

  @Test
  void play_receiversThatTakeFewHandshakes_clientsWait() {
    Scenario usual = scenario(4_000, 4, 4, STOCK);
    Result quick = Rollout.play(usual);
    Result throttled =
        Rollout.play(taking(usual, new Scenario.Speed(33, Duration.ofMillis(2_400)), 0));

    assertThat(quick.clients().connect().p99()).isLessThan(200);
    assertThat(throttled.clients().connect().p50()).isGreaterThan(2_000);
    assertThat(throttled.load().busiest()).isGreaterThan(1);
  }

  @Test
  void play_someSlowReceivers_onlyTheirClientsWait() {
    Scenario usual = scenario(9_000, 9, 9, STOCK);

    Result result =
        Rollout.play(taking(usual, new Scenario.Speed(500, Duration.ofMillis(500)), 33));

    assertThat(result.clients().connect().p50()).isLessThan(200);
    assertThat(result.clients().connect().p90()).isGreaterThan(2_000);
  }

  @Test
  void play_twice_isTheSame() {
    Scenario mixed = scenario(3_000, 5, 2, new Scenario.Mix(30, 30));

    Result once = Rollout.play(mixed);
    Result again = Rollout.play(mixed);

    assertThat(again.clients()).isEqualTo(once.clients());
    assertThat(again.load()).isEqualTo(once.load());
    assertThat(again.course()).isEqualTo(once.course());
    assertThat(again.arrivals().counts()).isEqualTo(once.arrivals().counts());
  }
}
