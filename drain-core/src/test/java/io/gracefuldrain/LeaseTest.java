package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class LeaseTest {
  private final VirtualClock clock = new VirtualClock();
  private final LeaseStack holder = new LeaseStack(clock, () -> {});

  private Lease begin(String work) {
    return (Lease) holder.tryBegin(work, null);
  }

  private Lease begin(String work, Duration limit) {
    return (Lease) holder.tryBegin(work, limit);
  }

  @Test
  void close_twice_countsOnce() {
    Lease first = begin("a");
    Lease second = begin("b");
    assertThat(holder.gate().inside()).isEqualTo(2);

    first.close();
    first.close();

    assertThat(holder.gate().inside()).isEqualTo(1);
    assertThat(second.open()).isTrue();
    assertThat(second).hasToString("b (OPEN)");
    assertThat(first).hasToString("a (CLOSED)");
  }

  @Test
  void age_ofALease_isHowLongItIsHeld() {
    Lease lease = begin("a");
    clock.advance(s(30));
    assertThat(lease.age()).isEqualTo(s(30));
    assertThat(lease.work()).isEqualTo("a");
  }

  @Test
  void begin_insideAnOpenLease_cannotFailEvenWhenSealed() {
    Lease outer = begin("outer");
    holder.gate().seal();
    assertThat(holder.tryBegin("new", null)).isNull();

    WorkLease inner = outer.begin("inner");
    outer.close();
    WorkLease innermost = inner.begin("innermost");
    inner.close();

    assertThat(holder.gate().inside()).isEqualTo(1);
    innermost.close();
    assertThat(holder.gate().inside()).isZero();
  }

  @Test
  void begin_insideAnEndedLease_isRefusedByName() {
    Lease closed = begin("closed");
    Lease expired = begin("expired", s(1));
    Lease other = begin("other");
    clock.advance(s(1));
    closed.close();
    assertThat(holder.expire(clock.nanos())).isEqualTo(1);

    for (Lease ended : List.of(closed, expired)) {
      assertThatThrownBy(() -> ended.begin("more"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(ended.work() + " has ended (expected: an open lease to begin more in)");
    }
    assertThat(other.open()).isTrue();
    assertThat(holder.gate().inside()).isEqualTo(1);
  }

  @Test
  void expire_atTheLimitAndNotBefore_endsTheLease() {
    Lease lease = begin("a", s(5));
    Lease endless = begin("b");
    clock.advance(s(5).minusNanos(1));
    assertThat(holder.expire(clock.nanos())).isZero();
    clock.advance(Duration.ofNanos(1));

    assertThat(holder.expire(clock.nanos())).isEqualTo(1);
    assertThat(lease.expired()).isTrue();
    assertThat(endless.expired()).isFalse();
    assertThat(holder.expire(clock.nanos())).as("only once").isZero();
    lease.close();
    assertThat(holder.gate().inside()).isEqualTo(1);
  }

  @Test
  void limit_thatIsNone_isRefusedAndCountsNothing() {
    for (Duration limit : List.of(Duration.ZERO, s(-1))) {
      assertThatThrownBy(() -> holder.tryBegin("order", limit))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("limit of order: " + limit + " (expected: > 0)");
    }
    assertThatThrownBy(() -> holder.tryBegin(null, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("work");
    assertThat(holder.gate().inside()).isZero();
  }

  @Test
  void limit_longerThanALongHolds_isForEver() {
    Lease lease = begin("a", Duration.ofSeconds(Long.MAX_VALUE));
    clock.advance(Duration.ofDays(1000));

    assertThat(holder.expire(clock.nanos())).isZero();
    lease.close();
    assertThat(holder.gate().inside()).isZero();
  }

  @Test
  void oldest_amongTheOpen_isTheFirstBegun() {
    assertThat(holder.oldest()).isNull();
    Lease first = begin("first");
    clock.advance(ms(10));
    Lease second = begin("second");
    clock.advance(ms(10));
    begin("third");

    assertThat(holder.oldest()).isSameAs(first);
    first.close();
    assertThat(holder.oldest()).isSameAs(second);
  }

  @Test
  void stack_ofLeasesThatEndInAnyOrder_keepsFewEndedOnes() {
    Random random = new Random(3);
    List<WorkLease> open = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (open.isEmpty() || (open.size() < 20 && random.nextBoolean())) {
        open.add(begin("w" + i));
      } else {
        open.remove(random.nextInt(open.size())).close();
      }
      assertThat(holder.gate().inside()).isEqualTo(open.size());
      assertThat(holder.kept()).isLessThanOrEqualTo(3 * open.size() + 12);
    }
    open.forEach(WorkLease::close);
    assertThat(holder.gate().inside()).isZero();
    assertThat(holder.kept()).isLessThanOrEqualTo(12);
  }

  @Test
  void stack_withALongLeaseBelowManyShortOnes_doesNotGrow() {
    begin("long");
    Deque<WorkLease> overlapping = new ArrayDeque<>();
    for (int i = 0; i < 10_000; i++) {
      overlapping.add(begin("short"));
      if (overlapping.size() > 2) {
        overlapping.remove().close();
      }
    }
    assertThat(holder.kept()).isLessThan(25);
    assertThat(holder.oldest().work()).isEqualTo("long");
  }

  @Test
  void leases_fromManyThreads_loseNobodyAndKeepFew() throws Exception {
    Lease bottom = begin("bottom");
    Callable<Boolean> working =
        () -> {
          Deque<WorkLease> mine = new ArrayDeque<>();
          for (int i = 0; i < 20_000; i++) {
            WorkLease lease = holder.tryBegin("work", null);
            mine.add(lease);
            if (i % 5 == 0) {
              mine.add(lease.begin("inner"));
            }
            while (mine.size() > 3) {
              mine.remove().close();
            }
          }
          mine.forEach(WorkLease::close);
          return true;
        };
    try (Race race = new Race(4)) {
      assertThat(race.run(List.of(working, working, working, working))).containsOnly(true);
    }
    assertThat(holder.gate().inside()).isEqualTo(1);
    assertThat(holder.oldest()).as("an open lease is never dropped").isSameAs(bottom);
    assertThat(holder.kept()).isLessThan(100);
  }

  @Test
  void closeAndExpiry_atTheSameMoment_countOnce() throws Exception {
    try (Race race = new Race(2)) {
      for (int round = 0; round < 2000; round++) {
        Lease lease = begin("a", Duration.ofNanos(1));
        clock.advance(Duration.ofNanos(1));
        long now = clock.nanos();
        List<Integer> expired =
            race.run(
                List.of(
                    () -> holder.expire(now),
                    () -> {
                      lease.close();
                      return 0;
                    }));
        assertThat(lease.expired()).isEqualTo(expired.get(0) == 1);
        assertThat(holder.gate().inside()).isZero();
      }
    }
  }
}
