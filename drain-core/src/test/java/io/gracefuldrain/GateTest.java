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
  void sealIfIdle_whileSomebodyIsInside_doesNothing() {
    Gate gate = new Gate();
    gate.tryEnter();
    assertThat(gate.sealIfIdle()).isFalse();
    assertThat(gate.tryEnter()).isTrue();

    gate.exit();
    gate.exit();

    assertThat(gate.sealIfIdle()).isTrue();
    assertThat(gate.tryEnter()).isFalse();
    assertThat(gate.sealIfIdle()).as("sealed already").isFalse();
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
  void sealIfIdle_besideTryEnter_isWonByExactlyOne() throws Exception {
    try (Race race = new Race(2)) {
      for (int round = 0; round < 3000; round++) {
        Gate gate = new Gate();
        List<Boolean> won = race.run(List.of(gate::tryEnter, gate::sealIfIdle));
        assertThat(won.get(0)).isNotEqualTo(won.get(1));
        assertThat(gate.inside()).isEqualTo(won.get(0) ? 1 : 0);
      }
    }
  }

  @Test
  void counting_fromSeveralThreads_comesOutEven() throws Exception {
    Gate gate = new Gate();
    Callable<Integer> inAndOut =
        () -> {
          int refused = 0;
          for (int i = 0; i < 50_000; i++) {
            if (gate.tryEnter()) {
              gate.exit();
            } else {
              refused++;
            }
          }
          return refused;
        };
    Callable<Integer> sealing =
        () -> {
          int seals = 0;
          for (int i = 0; i < 50_000; i++) {
            if (gate.sealIfIdle()) {
              seals++;
              gate.open();
            }
          }
          return seals;
        };
    try (Race race = new Race(3)) {
      race.run(new ArrayList<>(List.of(inAndOut, inAndOut, sealing)));
    }
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
