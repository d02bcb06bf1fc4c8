package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ShedTest {
  private static long closed(List<FakeClient> clients) {
    return clients.stream().filter(client -> client.closedAt != null).count();
  }

  @Test
  void shed_ofSome_letsThemGoOverTheWindowAndTheRestAlone() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(100);

    assertThat(pod.coordinator.shed(40)).isEqualTo(40);
    pod.advance(s(4));
    assertThat(closed(clients)).isCloseTo(16, within(1L));
    pod.advance(s(15)); // it is looked back at, too

    assertThat(closed(clients)).isEqualTo(40);
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(pod.coordinator.ready()).isTrue();
    assertThat(pod.report().connections()).isEqualTo(60);
    assertThat(pod.report().epoch()).isZero();
    assertThat(pod.report().outcomes()).isEmpty();
    assertThat(pod.coordinator.totals().ended().get(Outcome.CLOSED)).isEqualTo(40);
    assertThat(pod.clock.idle()).as("nothing more to do").isTrue();
  }

  @Test
  void shed_whoseClientsComeBack_isSaidInTheLogAndTheStatus() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withPod("pod-back"));
      List<FakeClient> clients = List.of(pod.aware("a"), pod.aware("b"), pod.aware("c"));
      clients.forEach(client -> client.onHint(hint -> pod.coordinator.admit(hint.ticket())));
      assertThat(pod.report().toText()).doesNotContain("shed");

      pod.coordinator.shed(3);
      pod.advance(s(17));
      assertThat(pod.report().toText()).contains(" shed=3 came-back=");
      assertThat(pod.report().shedCameBack()).isGreaterThanOrEqualTo(3);
      long cameBack = pod.report().shedCameBack();
      pod.advance(s(2));

      String line =
          "{\"code\":\"DRAIN-015\",\"asked\":3,\"cameBack\":"
              + cameBack
              + ",\"connectionsBefore\":3,\"connections\":0}";
      assertThat(log.lines(LogCode.SHED_DONE)).contains(line);
      assertThat(log.warnings()).contains(line);
      assertThat(pod.report().toJson()).contains("\"shed\":{\"asked\":3,\"cameBack\":" + cameBack);
      assertThat(pod.clock.idle()).isTrue();
    }
  }

  @Test
  void shed_afterWhichThereAreAsManyAsBefore_isAWarning() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      pod.stock(7);
      pod.coordinator.shed(4);
      pod.advance(s(11));
      pod.stock(4);
      pod.advance(s(8));

      assertThat(log.warnings())
          .contains(
              "{\"code\":\"DRAIN-015\",\"asked\":4,\"cameBack\":0,\"connectionsBefore\":7,"
                  + "\"connections\":7}");
    }
  }

  @Test
  void shed_thatMovesItsClients_isNoWarning() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      pod.stock(9);
      pod.coordinator.shed(4);
      pod.advance(s(19));

      String line =
          "{\"code\":\"DRAIN-015\",\"asked\":4,\"cameBack\":0,\"connectionsBefore\":9,"
              + "\"connections\":5}";
      assertThat(log.lines(LogCode.SHED_DONE)).contains(line);
      assertThat(log.warnings()).doesNotContain(line);
    }
  }

  @Test
  void shed_ofMoreThanThereAre_shedsAll() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(3);
    assertThat(pod.coordinator.shed(Integer.MAX_VALUE)).isEqualTo(3);
    assertThat(pod.coordinator.shed(Integer.MAX_VALUE)).isEqualTo(3);
    pod.advance(s(11));
    assertThat(pod.report().connections()).isZero();
    assertThat(pod.coordinator.shed(1)).isZero();
  }

  @Test
  void shed_withSomeBusy_leavesThemAlone() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(200);
    clients.subList(0, 150).forEach(client -> client.work("game"));

    pod.coordinator.shed(100);
    pod.advance(s(60));

    assertThat(closed(clients.subList(0, 150))).isZero();
    assertThat(closed(clients.subList(150, 200))).isEqualTo(50);
    assertThat(clients.subList(0, 150)).noneMatch(client -> client.handle().sealed());
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void shed_ofTheAware_hintsThemAndClosesWhoDoesNotGo() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient goes = pod.aware("goes");
    FakeClient stays = pod.aware("stays");
    goes.onHint(hint -> goes.land(ms(50)));

    pod.coordinator.shed(2);
    pod.advance(ms(20));
    assertThat(goes.hints.get(0).reason()).isEqualTo("shed");
    goes.leave(Departure.GOODBYE);
    pod.advance(s(12));

    assertThat(stays.hints).hasSize(1);
    assertThat(stays.closes).containsExactly(CloseManner.LET_GO);
    assertThat(stays.closedAt.minus(stays.hintedAt)).isBetween(s(2), ms(2020));
    assertThat(pod.coordinator.totals().ended().get(Outcome.LANDED)).isEqualTo(1);
    assertThat(pod.report().landings().count()).as("no drain's").isZero();
  }

  @Test
  void shed_takenOverByADrain_endsInIt() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(40);
    FakeClient aware = pod.aware("a");
    pod.coordinator.shed(40);
    pod.advance(s(4));
    long before = closed(clients);

    pod.drain(DrainReason.SIGTERM);
    pod.advance(ms(4980));
    assertThat(closed(clients)).as("nobody else goes while UNREADY").isEqualTo(before);
    assertThat(pod.report().tracked()).isEqualTo(41 - (int) before);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(closed(clients)).isEqualTo(40);
    assertThat(aware.closes).isNotEmpty();
    assertThat(pod.report().addsUp()).isTrue();
    assertThat(pod.report().remaining()).isZero();
  }

  @Test
  void shed_endedByADrain_doesNotGoOnAfterItsRecall() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(40);
    pod.coordinator.shed(40);
    pod.advance(s(4));
    long before = closed(clients);
    pod.drain(DrainReason.MANUAL);

    pod.coordinator.resume();
    pod.advance(s(20));

    assertThat(closed(clients)).isEqualTo(before);
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void shed_ofAHintedOneThatADrainTakesOver_keepsItsGrace() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient aware = pod.aware("a");
    pod.coordinator.shed(1);
    pod.advance(s(1));
    assertThat(aware.hints).hasSize(1);

    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(1980));
    assertThat(aware.closes).isEmpty();
    pod.advanceTo(ms(2020));

    assertThat(aware.closes).containsExactly(CloseManner.LET_GO);
    assertThat(aware.hints).hasSize(1);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
  }

  @Test
  void shed_whoseCloseFails_cutsTheConnectionAndNotLeavesItSealed() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c");
    client.onClose(
        manner -> {
          if (manner == CloseManner.LET_GO) {
            throw new IllegalStateException("no channel");
          }
          client.leave(Departure.SILENT);
        });

    pod.coordinator.shed(1);
    pod.advance(Times.TICK);

    assertThat(client.closes).containsExactly(CloseManner.LET_GO, CloseManner.FORCE);
    assertThat(pod.coordinator.totals().ended().get(Outcome.FORCED)).isEqualTo(1);
    assertThat(pod.report().connections()).isZero();
  }

  @Test
  void close_inTheMomentAnAwareOneBecomesIdle_isWatchedUntilItReturns() {
    LateCaller caller = new LateCaller();
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true, (clock, journal) -> caller);
    pod.coordinator.started();
    FakeClient client = pod.aware("c").stubborn();
    pod.coordinator.shed(1);
    pod.advance(Times.TICK);
    WorkLease order = client.work("order");
    pod.advance(s(3));
    assertThat(client.hints).hasSize(1);
    caller.beforeCall = () -> pod.advance(Times.TICK); // a step finds nothing left to do

    order.close();
    int checked = caller.checked;
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    pod.advance(s(1));

    assertThat(caller.checked).as("until the call has returned").isGreaterThan(checked + 40);
  }

  /** Its call to close does not return, and each call may be late. */
  private static final class LateCaller implements ConnectionCaller {
    Runnable beforeCall = () -> {};
    int checked;
    private boolean out;

    @Override
    public void onFailure(Failures failures) {}

    @Override
    public void call(Iterable<Call> calls) {
      for (Call call : calls) {
        beforeCall.run();
        call.action().run();
        out |= call.kind() == Kind.LET_GO;
      }
    }

    @Override
    public boolean check() {
      checked++;
      return out;
    }

    @Override
    public void close() {}
  }

  @Test
  void shed_ofNobody_isRefused() {
    VirtualPod pod = VirtualPod.serving();
    for (int count : new int[] {0, -1}) {
      assertThatThrownBy(() -> pod.coordinator.shed(count))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("shed: " + count + " (expected: >= 1)");
    }
  }

  @ParameterizedTest
  @EnumSource(value = DrainPhase.class, names = "SERVING", mode = EnumSource.Mode.EXCLUDE)
  void shed_whileNotServing_isRefused(DrainPhase phase) {
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true);
    if (phase != DrainPhase.STARTING) {
      pod.coordinator.started();
      pod.stock("c").stubborn().work("endless");
      pod.drain(DrainReason.MANUAL);
      pod.advanceTo(phase);
    }
    assertThatThrownBy(() -> pod.coordinator.shed(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("shed: the phase is " + phase + " (expected: SERVING)");
  }

  @Test
  void shed_ofAClosedCoordinator_isRefused() {
    VirtualPod pod = VirtualPod.serving();
    pod.close();
    assertThatThrownBy(() -> pod.coordinator.shed(1)).hasMessageContaining("closed");
  }
}
