package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class StripedGateTest {
  private final VirtualClock clock = new VirtualClock();
  private final StripedGate gate = new StripedGate(clock, now -> Lease.UNLIMITED);

  @Test
  void tryBegin_fromManyThreads_isCountedOverAllCells() throws Exception {
    List<Callable<WorkLease>> beginners = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      beginners.add(() -> gate.tryBegin("work"));
    }
    List<WorkLease> leases;
    try (Race race = new Race(16)) {
      leases = race.run(beginners);
    }
    assertThat(gate.inFlight()).isEqualTo(16);
    gate.seal();
    assertThat(gate.sealed()).isTrue();
    leases.forEach(lease -> assertThat(lease.begin("inner")).isNotNull());
    assertThat(gate.inFlight()).isEqualTo(32);
    leases.forEach(WorkLease::close);
    assertThat(gate.inFlight()).isEqualTo(16);
  }

  @Test
  void quiet_whileWorkBeginsOfItself_staysQuiet() {
    clock.advance(Times.s(10));
    assertThat(gate.quiet(clock.nanos())).isTrue();
    assertThat(gate.tryBeginOwn("timer")).isNotNull();
    assertThat(gate.inFlight()).isEqualTo(1);
    assertThat(gate.quiet(clock.nanos())).isTrue();
    assertThat(gate.tryBegin("request")).isNotNull();
    assertThat(gate.quiet(clock.nanos())).isFalse();
    gate.seal();
    assertThat(gate.tryBeginOwn("timer")).isNull();
  }

  @Test
  void oldestAndExpiry_lookIntoEveryCell() throws Exception {
    List<Callable<WorkLease>> beginners = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      beginners.add(() -> gate.tryBegin("limited", Times.s(1)));
    }
    try (Race race = new Race(16)) {
      race.run(beginners);
    }
    assertThat(gate.oldest().work()).isEqualTo("limited");
    clock.advance(Times.s(1));
    assertThat(gate.expire(clock.nanos())).isEqualTo(16);
    assertThat(gate.inFlight()).isZero();
    assertThat(gate.oldest()).isNull();
  }

  @Test
  void seal_besideThoseWhoBegin_leavesNobodyUncounted() throws Exception {
    try (Race race = new Race(4)) {
      for (int round = 0; round < 1000; round++) {
        StripedGate raced = new StripedGate(clock, now -> Lease.UNLIMITED);
        Callable<Integer> beginning = () -> raced.tryBegin("work") == null ? 0 : 1;
        Callable<Integer> sealing =
            () -> {
              raced.seal();
              return 0;
            };
        int begun =
            race.run(List.of(beginning, beginning, beginning, sealing)).stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertThat(raced.inFlight()).isEqualTo(begun);
        assertThat(raced.sealed()).isTrue();
        assertThat(raced.tryBegin("late")).isNull();
      }
    }
  }

  @Test
  void open_afterASeal_admitsAgain() {
    gate.seal();
    assertThat(gate.tryBegin("a")).isNull();
    gate.open();
    assertThat(gate.sealed()).isFalse();
    assertThat(gate.tryBegin("a")).isNotNull();
  }
}
