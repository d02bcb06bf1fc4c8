package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pods remember of each other: {@link DeadPods}, {@link Turns}, {@link Sparse}. */
final class MemoryTest {
  private final ManualTime time = new ManualTime();

  private static InetSocketAddress pod(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void dead_unreachable_isForAWhile_butForATryNowAndThen() {
    DeadPods dead = new DeadPods(time);
    dead.unreachable(pod(1));

    assertThat(dead.dead(pod(1))).isTrue();
    assertThat(dead.dead(pod(2))).isFalse();
    time.pass(Duration.ofMillis(500));
    assertThat(dead.dead(pod(1))).as("one may try").isFalse();
    assertThat(dead.dead(pod(1))).as("the others may not").isTrue();
    time.pass(Duration.ofMillis(499));
    assertThat(dead.dead(pod(1))).isTrue();
    time.pass(Duration.ofSeconds(4).plusMillis(1));
    assertThat(dead.dead(pod(1))).isFalse();
    assertThat(dead.dead(pod(1))).as("its time is over").isFalse();
  }

  @Test
  void dead_thatAnswersATry_isAliveAgain() {
    DeadPods dead = new DeadPods(time);
    dead.unreachable(pod(1));
    dead.answered(pod(1));

    assertThat(dead.dead(pod(1))).isFalse();
  }

  @Test
  void dead_late_isOnlyAfterSeveralInARow() {
    DeadPods dead = new DeadPods(time);
    dead.late(pod(1), time.nanos());
    dead.late(pod(1), time.nanos());
    assertThat(dead.dead(pod(1))).isFalse();
    dead.answered(pod(1));
    time.pass(Duration.ofMillis(1));
    dead.late(pod(1), time.nanos());
    dead.late(pod(1), time.nanos());
    assertThat(dead.dead(pod(1))).isFalse();
    dead.late(pod(1), time.nanos());
    assertThat(dead.dead(pod(1))).isTrue();
  }

  /** Then it is this pod that has no time for the answers. */
  @Test
  void dead_lateForSomeWhileItAnswersOthers_isNever() {
    DeadPods dead = new DeadPods(time);
    for (int i = 0; i < 10; i++) {
      long sentAt = time.nanos();
      time.pass(Duration.ofMillis(400));
      dead.answered(pod(1));
      time.pass(Duration.ofMillis(400));
      dead.late(pod(1), sentAt);
      assertThat(dead.dead(pod(1))).isFalse();
    }
  }

  @Test
  void dead_veryManyPods_areForgottenOldestFirst() {
    DeadPods dead = new DeadPods(time);
    for (int port = 1; port <= 1_001; port++) {
      dead.unreachable(pod(port));
    }

    assertThat(dead.dead(pod(1))).isFalse();
    assertThat(dead.dead(pod(2))).isTrue();
    assertThat(dead.dead(pod(1_001))).isTrue();
  }

  @Test
  void turns_ofAPod_areAFewAtOnceAndTheOthersInOrder() {
    Turns turns = new Turns(2);
    List<String> begun = new ArrayList<>();
    for (String request : List.of("a", "b", "c", "useless", "d", "e")) {
      turns.begin(pod(1), () -> begun.add(request) && !request.equals("useless"));
    }
    turns.begin(pod(2), () -> begun.add("other"));
    assertThat(begun).containsExactly("a", "b", "other");

    turns.over(pod(1));
    assertThat(begun).endsWith("c");
    turns.over(pod(1));
    assertThat(begun).endsWith("c", "useless", "d");
    turns.over(pod(1));
    assertThat(begun).endsWith("e");
    turns.over(pod(1));
    turns.over(pod(1));
    turns.over(pod(2));
    turns.over(pod(2));
    turns.begin(pod(1), () -> false);
    turns.begin(pod(1), () -> begun.add("again"));
    assertThat(begun).endsWith("again");
  }

  @Test
  void sparse_ofEachKind_tellsTheFirstAndThenTheNumberOnceAMinute() {
    Sparse sparse = new Sparse(time);

    assertThat(sparse.count("late")).isEqualTo(1);
    assertThat(sparse.count("mac")).isEqualTo(1);
    assertThat(sparse.count("late")).isZero();
    time.pass(Duration.ofSeconds(59));
    assertThat(sparse.count("late")).isZero();
    time.pass(Duration.ofSeconds(1));
    assertThat(sparse.count("late")).isEqualTo(3);
    assertThat(sparse.count("late")).isZero();
    time.pass(Duration.ofMinutes(1));
    assertThat(sparse.count("late")).isEqualTo(2);
  }
}
