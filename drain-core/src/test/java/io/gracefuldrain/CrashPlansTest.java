package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plans that aware clients have for a crash of their pod. */
final class CrashPlansTest {
  @ParameterizedTest
  @CsvSource({
    "0, 500, 1000",
    "499, 500, 1000",
    "501, 500, 1002",
    "10000, 500, 20000",
    "29999, 500, 59998",
    "30001, 500, 60000",
    "2147483647, 1, 60000",
    "7, 3, 2333",
    "10000, 0, 0",
    "0, 0, 0",
  })
  void window_isTheTimeThatTheRateNeeds_withinBounds(int connections, int perSecond, long millis) {
    assertThat(CrashWindow.of(connections, perSecond)).isEqualTo(ms(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "100, 199, false",
    "100, 200, true",
    "100, 51, false",
    "100, 50, true",
    "100, 0, true",
    "0, 1, true",
    "2147483647, 2147483647, false",
    "2147483647, 1073741823, true",
  })
  void changedMuch_isTwiceOrHalf(int told, int now, boolean much) {
    assertThat(CrashWindow.changedMuch(told, now)).isEqualTo(much);
  }

  private static VirtualPod onePerSecond() {
    return VirtualPod.serving(VirtualPod.policy().withCrashRate(1));
  }

  private static List<FakeClient> aware(VirtualPod pod, int count) {
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(pod.aware("a" + i));
    }
    return clients;
  }

  @Test
  void window_asked_isThatOfTheMoment() {
    VirtualPod pod = onePerSecond();
    assertThat(pod.coordinator.crashWindow()).isEqualTo(s(1));
    List<FakeClient> clients = aware(pod, 10);
    assertThat(pod.coordinator.crashWindow()).isEqualTo(s(10));
    clients.get(0).leave(Departure.GOODBYE);
    assertThat(pod.coordinator.crashWindow()).isEqualTo(s(9));
  }

  @Test
  void round_whenTheNumberHasDoubledOrHalved_tellsAwareClientsAndNoOthers() {
    VirtualPod pod = onePerSecond();
    List<FakeClient> clients = aware(pod, 10);
    FakeClient stock = pod.stock("stock");
    pod.advance(s(10));
    assertThat(clients).allMatch(client -> client.plans.equals(List.of(s(11))));

    List<FakeClient> more = pod.stock(10);
    pod.advance(s(10));
    assertThat(clients).allMatch(client -> client.plans.size() == 1);
    more.add(pod.stock("the 22nd"));
    pod.advance(s(10));
    assertThat(clients).allMatch(client -> client.plans.equals(List.of(s(11), s(22))));

    more.forEach(client -> client.leave(Departure.GOODBYE));
    pod.advance(s(10));
    assertThat(clients).allMatch(client -> client.plans.equals(List.of(s(11), s(22), s(11))));
    assertThat(stock.plans).isEmpty();
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void rounds_areAFewSecondsApart() {
    VirtualPod pod = onePerSecond();
    FakeClient client = aware(pod, 2).get(0);
    pod.advance(Duration.ZERO);
    assertThat(client.plans).containsExactly(s(2));

    pod.stock(2);
    pod.advance(ms(1000));
    pod.stock(4);
    pod.advance(ms(3980));
    assertThat(client.plans).hasSize(1);
    pod.advance(Times.TICK);

    assertThat(client.plans).containsExactly(s(2), s(8));
  }

  @Test
  void rounds_whenTheNumberChangesDuringOne_areAFewSecondsApartToo() {
    VirtualPod pod = onePerSecond();
    List<FakeClient> clients = aware(pod, 40);
    pod.advance(Duration.ZERO);
    pod.stock(40);
    pod.advance(ms(4980));
    assertThat(clients).allMatch(client -> client.plans.equals(List.of(s(40))));

    pod.advance(s(1));

    assertThat(clients).allMatch(client -> client.plans.equals(List.of(s(40), s(60))));
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void round_thatIsNoLongerOfUseWhenItsTimeHasCome_isNone() {
    VirtualPod pod = onePerSecond();
    FakeClient client = aware(pod, 2).get(0);
    pod.advance(Duration.ZERO);
    List<FakeClient> passing = pod.stock(2);
    pod.advance(s(1));
    passing.forEach(one -> one.leave(Departure.GOODBYE));
    pod.advance(s(10));

    assertThat(client.plans).containsExactly(s(2));
  }

  @Test
  void round_ofThousands_isSpreadAndTellsEachOnce() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withCrashRate(100));
    List<FakeClient> clients = aware(pod, 4000);
    pod.advance(ms(10));
    int first = (int) clients.stream().filter(client -> !client.plans.isEmpty()).count();
    assertThat(first).isEqualTo(CrashPlans.PER_STEP);
    clients.get(3999).leave(Departure.GOODBYE);
    pod.advance(s(10));

    Map<Duration, Integer> perStep = new TreeMap<>();
    for (FakeClient client : clients.subList(0, 3999)) {
      assertThat(client.plans).containsExactly(s(40));
      perStep.merge(client.plannedAt, 1, Integer::sum);
    }
    assertThat(perStep.values()).allMatch(count -> count <= CrashPlans.PER_STEP);
    assertThat(perStep).hasSize(200);
    assertThat(clients.get(3999).plans).isEmpty();
  }

  @Test
  void round_withinTheSameWindow_isNone() {
    VirtualPod pod = VirtualPod.serving(); // 500 a second: a second for the first 500
    List<FakeClient> clients = aware(pod, 500);
    pod.advance(s(10));
    assertThat(clients).allMatch(client -> client.plans.isEmpty());

    clients.addAll(aware(pod, 200));
    pod.advance(s(10));
    assertThat(clients).allMatch(client -> client.plans.size() == 1);
  }

  @Test
  void round_withARateOfNone_isNone() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withCrashRate(0));
    List<FakeClient> clients = aware(pod, 1000);
    pod.advance(s(10));

    assertThat(pod.coordinator.crashWindow()).isZero();
    assertThat(clients).allMatch(client -> client.plans.isEmpty());
  }

  @Test
  void round_inADrain_isNoneAndComesAfterItsRecall() {
    VirtualPod pod = onePerSecond();
    List<FakeClient> clients = aware(pod, 40);
    pod.advance(Duration.ZERO);
    pod.drain(DrainReason.MANUAL);
    pod.stock(200).forEach(client -> client.leave(Departure.GOODBYE));
    pod.advance(s(2));
    assertThat(clients.stream().filter(client -> !client.plans.isEmpty()))
        .hasSize(CrashPlans.PER_STEP);

    pod.coordinator.resume();
    pod.advance(s(10));

    assertThat(clients).allMatch(client -> client.plans.contains(s(40)));
  }

  @Test
  void plan_thatFails_leavesItsConnectionAloneAndTheRoundGoesOn() {
    VirtualPod pod = onePerSecond();
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      FakeClient client =
          new FakeClient("a" + i, true, pod.clock)
              .onPlan(
                  window -> {
                    throw new IllegalStateException("no");
                  });
      clients.add(client.register(pod.coordinator));
    }
    pod.advance(s(10));

    assertThat(clients).allMatch(client -> client.plans.size() == 1 && client.closes.isEmpty());
    assertThat(pod.coordinator.totals().failures()).isEqualTo(4);
  }
}
