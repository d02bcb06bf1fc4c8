package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class GateTest {
  @Test
  void tryEnter_untilSealed_isCounted() {
    Gate gate = new Gate();
    assertThat(gate.tryEnter()).isTrue();
    assertThat(gate.tryEnter()).isTrue();
    assertThat(gate.inside()).isEqualTo(2);

    gate.seal();

    assertThat(gate.sealed()).isTrue();
    assertThat(gate.tryEnter()).isFalse();
    assertThat(gate.inside()).isEqualTo(2);
  }

  @Test
  void close_ofAnIdleGate_sealsAtOnce() {
    Gate gate = new Gate();
    assertThat(gate.close()).isTrue();
    assertThat(gate.sealed()).isTrue();
    assertThat(gate.tryEnter()).isFalse();
    assertThat(gate.tryBegin()).isFalse();
    assertThat(gate.close()).as("again").isTrue();
  }

  @Test
  void close_whileSomebodyIsInside_isDoneByTheLastExit() {
    Gate gate = new Gate();
    gate.tryEnter();

    assertThat(gate.close()).isFalse();

    assertThat(gate.sealed()).isFalse();
    assertThat(gate.tryEnter()).as("work may overlap").isTrue();
    assertThat(gate.exit()).isFalse();
    assertThat(gate.exit()).as("the last one").isTrue();
    assertThat(gate.sealed()).isTrue();
    assertThat(gate.tryEnter()).isFalse();
    assertThat(gate.close()).isTrue();
  }

  @Test
  void exit_ofAGateThatIsNotClosing_sealsNothing() {
    Gate gate = new Gate();
    gate.tryEnter();
    assertThat(gate.exit()).isFalse();
    assertThat(gate.sealed()).isFalse();
  }

  @Test
  void tryEnterLate_ofASealedGate_isHandedOnOnceMore() {
    Gate gate = new Gate();
    gate.close();

    assertThat(gate.tryEnterLate()).isTrue();

    assertThat(gate.tryBegin()).as("its handler begins work").isTrue();
    assertThat(gate.close()).isFalse();
    assertThat(gate.exit()).isFalse();
    assertThat(gate.exit()).as("the last one").isTrue();
    assertThat(gate.sealed()).isTrue();
  }

  @Test
  void end_andShut_letNothingInLate() {
    Gate ended = new Gate();
    ended.tryEnter();
    assertThat(ended.end()).isFalse();
    assertThat(ended.tryEnterLate()).isFalse();
    assertThat(ended.tryBegin()).as("in a handler that still runs").isTrue();
    ended.exit();
    assertThat(ended.exit()).isTrue();
    assertThat(ended.end()).isTrue();
    assertThat(ended.tryEnterLate()).isFalse();

    Gate shut = new Gate();
    shut.close();
    shut.shut();
    assertThat(shut.tryEnterLate()).isFalse();
  }

  @Test
  void seal_ofAClosingGate_leavesTheHandingOnToTheLastExit() {
    Gate gate = new Gate();
    gate.tryEnter();
    gate.close();
    gate.seal();
    assertThat(gate.exit()).isTrue();
  }

  @Test
  void bar_ofAClosingGate_letsOnlyNamedWorkBeginUntilItIsIdle() {
    Gate gate = new Gate();
    gate.bar();
    assertThat(gate.tryEnter()).as("it is not closing").isTrue();
    gate.close();

    gate.bar();

    assertThat(gate.tryEnter()).isFalse();
    assertThat(gate.tryBegin()).isTrue();
    assertThat(gate.tryJoin()).isTrue();
    gate.exit();
    gate.exit();
    assertThat(gate.exit()).isTrue();
    assertThat(gate.tryBegin()).isFalse();
  }

  @Test
  void stayOpen_ofAClosingGate_letsAllBeginAgain() {
    Gate gate = new Gate();
    gate.tryEnter();
    gate.close();
    gate.bar();

    assertThat(gate.stayOpen()).isTrue();

    assertThat(gate.tryEnter()).isTrue();
    gate.exit();
    assertThat(gate.exit()).isFalse();
    assertThat(gate.sealed()).isFalse();
  }

  @Test
  void stayOpen_onceSealed_isTooLate() {
    Gate gate = new Gate();
    gate.tryEnter();
    gate.close();
    gate.exit();
    assertThat(gate.stayOpen()).isFalse();
    assertThat(gate.sealed()).isTrue();
  }

  @Test
  void tryJoin_besideSomebodyInside_neverFails() {
    Gate gate = new Gate();
    assertThat(gate.tryJoin()).as("nobody inside").isFalse();
    gate.tryEnter();
    gate.seal();

    assertThat(gate.tryJoin()).isTrue();
    assertThat(gate.inside()).isEqualTo(2);
    gate.exit();
    gate.exit();
    assertThat(gate.tryJoin()).isFalse();
    assertThat(gate.sealed()).isTrue();
  }

  @Test
  void open_ofASealedGate_letsWorkBeginAgainAndKeepsTheCount() {
    Gate gate = new Gate();
    gate.tryEnter();
    gate.seal();

    gate.open();

    assertThat(gate.sealed()).isFalse();
    assertThat(gate.inside()).isEqualTo(1);
    assertThat(gate.tryEnter()).isTrue();
  }

  @Test
  void exit_withNobodyInside_isRefusedAndChangesNothing() {
    Gate gate = new Gate();
    assertThatThrownBy(gate::exit)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("exit without a matching enter");
    assertThat(gate.tryEnter()).isTrue();
    gate.exit();
    gate.seal();

    assertThatThrownBy(gate::exit).isInstanceOf(IllegalStateException.class);

    assertThat(gate.sealed()).isTrue();
    assertThat(gate.inside()).isZero();
  }

  @Test
  void close_besideTryEnter_isWonByExactlyOne() throws Exception {
    try (Race race = new Race(2)) {
      for (int round = 0; round < 3000; round++) {
        Gate gate = new Gate();
        List<Boolean> won = race.run(List.of(gate::tryEnter, gate::close));
        assertThat(won.get(0)).isNotEqualTo(won.get(1));
        assertThat(gate.inside()).isEqualTo(won.get(0) ? 1 : 0);
      }
    }
  }

  @Test
  void closing_besideManyWhoComeAndGo_isHandedOnExactlyOnce() throws Exception {
    try (Race race = new Race(3)) {
      for (int round = 0; round < 2000; round++) {
        Gate gate = new Gate();
        gate.tryEnter();
        Callable<Integer> inAndOut =
            () -> {
              int last = 0;
              for (int i = 0; i < 20 && gate.tryEnter(); i++) {
                last += gate.exit() ? 1 : 0;
              }
              return last;
            };
        Callable<Integer> closing = () -> (gate.close() ? 1 : 0) + (gate.exit() ? 1 : 0);
        int handedOn =
            race.run(List.of(inAndOut, inAndOut, closing)).stream().reduce(0, Integer::sum);

        assertThat(handedOn).isEqualTo(1);
        assertThat(gate.sealed()).isTrue();
        assertThat(gate.inside()).isZero();
      }
    }
  }

  @Test
  void counting_fromSeveralThreads_comesOutEven() throws Exception {
    Gate gate = new Gate();
    Callable<Integer> inAndOut =
        () -> {
          int last = 0;
          for (int i = 0; i < 50_000; i++) {
            if (gate.tryEnter()) {
              last += gate.exit() ? 1 : 0;
            }
          }
          return last;
        };
    Callable<Integer> opening =
        () -> {
          for (int i = 0; i < 50_000; i++) {
            gate.close();
            if (!gate.stayOpen()) {
              gate.open();
            }
            gate.stayOpen();
          }
          return 0;
        };
    try (Race race = new Race(3)) {
      race.run(new ArrayList<>(List.of(inAndOut, inAndOut, opening)));
    }
    gate.open();
    assertThat(gate.stayOpen()).isTrue();
    assertThat(gate.inside()).isZero();
    assertThat(gate.sealed()).isFalse();
  }

  @Test
  void exit_tooOftenBesideEntering_neverOpensASeal() throws Exception {
    Gate gate = new Gate();
    gate.seal();
    Callable<Integer> misusing =
        () -> {
          int refused = 0;
          for (int i = 0; i < 20_000; i++) {
            try {
              gate.exit();
            } catch (IllegalStateException e) {
              refused++;
            }
          }
          return refused;
        };
    Callable<Integer> entering =
        () -> {
          int entered = 0;
          for (int i = 0; i < 200_000; i++) {
            entered += gate.tryEnter() ? 1 : 0;
          }
          return entered;
        };
    try (Race race = new Race(2)) {
      assertThat(race.run(List.of(misusing, entering))).containsExactly(20_000, 0);
    }
  }
}
