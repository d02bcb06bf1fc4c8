package io.gracefuldrain.sample.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPolicy;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlannerTest {
  @BeforeAll
  static void silence() {
    Options.silence();
  }

  private static Scenario scenario(int clients, int pods, int surge) {
    return new Scenario(
        clients,
        pods,
        surge,
        new Scenario.Mix(0, 0),
        new Scenario.Speed(200, Duration.ofMillis(500)),
        0,
        Duration.ofSeconds(10),
        Duration.ZERO,
        Duration.ofSeconds(2),
        Duration.ofMillis(20),
        DrainPolicy.defaults(),
        1);
  }

  private static Planner planner(int load, int pods) {
    return new Planner(new Goals(load, Duration.ofSeconds(2), pods), true);
  }

  @Test
  void find_fewClients_theUsualWindowWillDo() {
    Planner.Choice choice = planner(25, 8).find(scenario(400, 4, 4));

    assertThat(choice.good()).isTrue();
    assertThat(choice.scenario().policy().moveWindow()).isEqualTo(Duration.ofSeconds(10));
    assertThat(choice.scenario().policy().gracePeriod()).isEqualTo(Duration.ofSeconds(27));
  }

  @Test
  void find_manyClients_theWindowIsAsLongAsReceiversNeed() {
    Planner.Choice choice = planner(25, 8).find(scenario(8_000, 4, 4));

    // 2,000 for each receiver at a quarter of 200 a second: 40 s at least.
    Duration window = choice.scenario().policy().moveWindow();
    assertThat(window).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(60));
    assertThat(choice.good()).isTrue();
    assertThat(choice.scenario().policy().gracePeriod()).isEqualTo(window.plusSeconds(17));
  }

  @Test
  void find_morePodsThanFit_theNextOnesWaitUntilTheLastHaveDrained() {
    Planner.Choice choice =
        planner(25, 12).find(scenario(2_000, 10, 1).over(Duration.ofSeconds(30)));

    assertThat(choice.good()).isTrue();
    assertThat(choice.scenario().minReady()).isGreaterThan(Duration.ofSeconds(30));
    assertThat(choice.result().course().drainsAtOnce()).isEqualTo(1);
    assertThat(choice.result().course().pods()).isLessThanOrEqualTo(12);
  }

  @Test
  void find_morePodsThanFit_andMinReadyIsGiven_isNotGood() {
    Goals goals = new Goals(25, Duration.ofSeconds(2), 12);

    Planner.Choice choice =
        new Planner(goals, false).find(scenario(2_000, 10, 1).over(Duration.ofSeconds(30)));

    assertThat(choice.met()).isTrue();
    assertThat(choice.fits()).isFalse();
    assertThat(choice.scenario().minReady()).isZero();
  }

  @Test
  void find_drainsOfSeveralBatchesOverlap_theWindowIsAsLongAsThatNeeds() {
    Planner.Choice choice = planner(25, 32).find(scenario(16_000, 16, 4));

    assertThat(choice.good()).isTrue();
    assertThat(choice.scenario().policy().moveWindow()).isGreaterThan(Duration.ofSeconds(10));
    assertThat(choice.scenario().minReady()).isZero();
    assertThat(choice.result().course().drainsAtOnce()).isGreaterThan(4);
  }

  @Test
  void find_whatNoWindowHolds_isNotGood() {
    Planner.Choice choice = planner(1, 8).find(scenario(30_000, 4, 4));

    assertThat(choice.met()).isFalse();
    assertThat(choice.good()).isFalse();
  }
}
