package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** More connections than one step deals with: others get the lock between its parts. */
final class BulkTest {
  private static final int MANY = 2 * SlotScheduler.BULK + SlotScheduler.BULK / 2;

  private static NavigableMap<Duration, Long> closed(List<FakeClient> clients) {
    return clients.stream()
        .collect(
            Collectors.groupingBy(client -> client.closedAt, TreeMap::new, Collectors.counting()));
  }

  @Test
  void force_ofVeryMany_isDoneInPartsThatFollowAtOnce() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(MANY);
    clients.forEach(client -> client.work("order"));
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(DrainPhase.DRAINED);

    NavigableMap<Duration, Long> closed = closed(clients);
    Duration first = closed.firstKey();
    assertThat(closed)
        .containsEntry(first, (long) SlotScheduler.BULK)
        .containsEntry(first.plus(ms(1)), (long) SlotScheduler.BULK)
        .containsEntry(first.plus(ms(2)), (long) SlotScheduler.BULK / 2)
        .hasSize(3);
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(MANY);
  }

  @Test
  void window_withoutTime_isOverInPartsThatFollowAtOnce() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withMoveWindow(Duration.ZERO));
    List<FakeClient> clients = pod.stock(MANY);
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(DrainPhase.DRAINED);

    NavigableMap<Duration, Long> closed = closed(clients);
    assertThat(closed.lastKey().minus(closed.firstKey())).isLessThan(ms(10));
    assertThat(closed.values()).allMatch(each -> each <= 2L * SlotScheduler.BULK);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(MANY);
  }

  @Test
  void limits_ofVeryManyThatAreDue_endAll() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(MANY);
    clients.forEach(client -> client.handle().tryBegin("order", s(8)));
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(s(16));

    assertThat(pod.report().workExpired()).isEqualTo(MANY);
    assertThat(clients).allMatch(client -> client.closedAt != null);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(MANY);
  }

  @Test
  void finishing_ofVeryManyThatAreDue_letsNoDispatchBeginOnAny() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(MANY);
    clients.forEach(client -> client.work("order"));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.SETTLING);
    assertThat(clients).allMatch(BulkTest::dispatches);

    pod.advance(s(4).plus(ms(100)));

    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertThat(clients).noneMatch(BulkTest::dispatches);
  }

  private static boolean dispatches(FakeClient client) {
    boolean begun = client.handle().tryEnter();
    if (begun) {
      client.handle().exit();
    }
    return begun;
  }
}
