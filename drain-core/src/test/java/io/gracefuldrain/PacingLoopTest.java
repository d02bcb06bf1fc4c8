package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gracefuldrain.DrainPolicy.PacingLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Slots that follow the landings of clients that say when they have landed. */
final class PacingLoopTest {
  // Slots begin at second 5; with hinted clients the last one is at second 13.
  private static final Duration LAST = s(13);

  private static VirtualPod pod(PacingLoop loop) {
    return VirtualPod.serving(VirtualPod.policy().withPacingLoop(loop));
  }

  /** Clients that land, by a time since the beginning that each of them hears when it is hinted. */
  private static List<FakeClient> aware(
      VirtualPod pod, int count, Function<Duration, Duration> landsAt) {
    return IntStream.range(0, count)
        .mapToObj(i -> pod.aware("a" + i))
        .peek(
            client ->
                client.onHint(
                    hint -> {
                      Duration now = client.hintedAt;
                      Duration lands = landsAt.apply(now);
                      pod.clock.runAfter(
                          lands.minus(now).toNanos(),
                          () -> {
                            client.land(lands.minus(now));
                            client.leave(Departure.GOODBYE);
                          });
                    }))
        .toList();
  }

  private static List<Duration> hinted(List<FakeClient> clients) {
    return clients.stream().map(client -> client.hintedAt).toList();
  }

  private static long between(List<FakeClient> clients, Duration from, Duration to) {
    return clients.stream()
        .filter(client -> client.hintedAt.compareTo(from) >= 0)
        .filter(client -> client.hintedAt.compareTo(to) < 0)
        .count();
  }

  @Test
  void closed_landingsAsQuickAsEver_isAsOpen() {
    List<List<Duration>> both = new ArrayList<>();
    for (PacingLoop loop : PacingLoop.values()) {
      VirtualPod pod = pod(loop);
      List<FakeClient> clients = aware(pod, 800, now -> now.plus(ms(60)));
      pod.drain(DrainReason.SIGTERM);
      pod.advanceTo(DrainPhase.DRAINED);
      both.add(hinted(clients));

      assertThat(pod.report().count(Outcome.LANDED)).isEqualTo(800);
      assertThat(pod.report().pacing().closed()).isEqualTo(loop == PacingLoop.CLOSED);
      assertThat(pod.report().pacing().mostInTransit()).isBetween(4, 12);
      assertThat(pod.report().pacing().pauses()).isZero();
    }
    assertThat(both.get(0)).isEqualTo(both.get(1));
  }

  @Test
  void closed_nobodySaysThatItHasLanded_isOpen() {
    VirtualPod pod = pod(PacingLoop.CLOSED);
    List<FakeClient> clients = pod.stock(100);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    for (int i = 0; i < 100; i++) {
      assertThat(clients.get(i).closedAt.toMillis()).isCloseTo(5000 + i * 100L, within(40L));
    }
    assertThat(pod.report().pacing()).isEqualTo(new DrainReport.Loop(false, 0, 0));
    assertThat(pod.report().toJson())
        .contains("\"pacing\":{\"loop\":\"OPEN\",\"mostInTransit\":0,\"pauses\":0}");
  }

  /** Nobody lands between seconds 7 and 9: slots pause, and go on a little faster then. */
  @Test
  void closed_receiversThatStandStill_pausesAndGoesOnEvenly() {
    VirtualPod pod = pod(PacingLoop.CLOSED);
    List<FakeClient> clients =
        aware(
            pod,
            800,
            now -> now.compareTo(s(7)) < 0 || now.compareTo(s(9)) > 0 ? now.plus(ms(60)) : s(9));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(between(clients, s(5), s(7))).isBetween(195L, 205L);
    assertThat(between(clients, s(7), s(9))).isLessThan(40);
    for (Duration at = ms(9_100); at.compareTo(ms(12_500)) < 0; at = at.plus(ms(100))) {
      assertThat(between(clients, at, at.plus(ms(100)))).as("at %s", at).isBetween(10L, 20L);
    }
    assertThat(hinted(clients)).allMatch(at -> at.compareTo(LAST.plus(Times.TICK)) <= 0);
    assertThat(pod.report().pacing().pauses()).isEqualTo(1);
    assertThat(pod.report().toJson()).contains("\"loop\":\"CLOSED\"");
  }

  @Test
  void closed_nobodyEverLands_allGoByTheEndOfTheWindowAtTwiceTheRateAtMost() {
    VirtualPod pod = pod(PacingLoop.CLOSED);
    List<FakeClient> clients = aware(pod, 800, now -> now.plus(s(60)));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(hinted(clients)).allMatch(at -> at.compareTo(LAST.plus(Times.TICK)) <= 0);
    for (Duration at = s(5); at.compareTo(LAST) < 0; at = at.plus(ms(200))) {
      assertThat(between(clients, at, at.plus(ms(200)))).as("at %s", at).isLessThanOrEqualTo(44);
    }
    assertThat(pod.report().elapsed()).isLessThanOrEqualTo(s(21).plus(Times.TICK));
    assertThat(pod.report().addsUp()).isTrue();
  }

  /** Tabs that were closed: they land nowhere, and those behind them do not wait for them. */
  @Test
  void closed_someNeverLand_theOthersGoOn() {
    VirtualPod pod = pod(PacingLoop.CLOSED);
    int[] number = {0};
    List<FakeClient> clients =
        aware(pod, 800, now -> now.plus(number[0]++ % 4 == 0 ? s(60) : ms(60)));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(between(clients, s(5), s(9))).isBetween(380L, 404L);
    assertThat(hinted(clients)).allMatch(at -> at.compareTo(LAST.plus(Times.TICK)) <= 0);
  }

  @Test
  void closed_deadlineShortenedMeanwhile_isMet() throws Exception {
    VirtualPod pod = pod(PacingLoop.CLOSED);
    List<FakeClient> clients = aware(pod, 400, now -> now.plus(s(60)));
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(7));
    DrainReport receipt = VirtualPod.done(drained(pod));

    assertThat(receipt.elapsed()).isLessThanOrEqualTo(s(13));
    assertThat(clients).allMatch(client -> client.hintedAt != null || !client.closes.isEmpty());
    assertThat(receipt.addsUp()).isTrue();
  }

  private static java.util.concurrent.CompletionStage<DrainReport> drained(VirtualPod pod) {
    var done = pod.drain(DrainReason.MANUAL, s(6));
    pod.advanceTo(DrainPhase.DRAINED);
    pod.advance(s(1));
    return done;
  }

  @Test
  void closed_batchesThatAreHeldBack_areAllGoneByTheEnd() {
    VirtualPod pod =
        VirtualPod.serving(
            VirtualPod.policy()
                .withPacing(Pacing.inBatches(100, s(1)))
                .withPacingLoop(PacingLoop.CLOSED));
    List<FakeClient> clients = aware(pod, 800, now -> now.plus(s(60)));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(hinted(clients)).allMatch(at -> at.compareTo(LAST.plus(Times.TICK)) <= 0);
  }

  /** Sessions that other pods take: they count once one of them has landed. */
  @Test
  void closed_sessionsThatAreTaken_areFollowed() throws Exception {
    VirtualPod pod =
        VirtualPod.serving(
            VirtualPod.policy()
                .withPacingLoop(PacingLoop.CLOSED)
                .withTicketKey("a key of at least thirty-two characters"));
    List<KeepingConnection> clients =
        IntStream.range(0, 500)
            .mapToObj(i -> KeepingConnection.register(pod.coordinator, "k" + i))
            .toList();
    KeptSessions sessions = pod.coordinator.keptSessions();
    pod.drain(DrainReason.SIGTERM);
    int landed = 0;
    // A second after its slot each lands; from second 9 on nobody does.
    for (Duration at = ms(6_000); at.compareTo(s(9)) < 0; at = at.plus(ms(20))) {
      pod.advanceTo(at);
      for (; landed < (at.toMillis() - 6_000) / 20; landed++) {
        String id = "k" + landed;
        assertThat(new String(sessions.take(id, id), StandardCharsets.UTF_8)).isEmpty();
        sessions.landed(id, id, "other");
      }
    }
    pod.advanceTo(s(10));
    long held = gone(clients);
    pod.advanceTo(s(11));
    int most = pod.report().pacing().mostInTransit();

    assertThat(held - landed).isBetween(90L, 105L);
    assertThat(gone(clients) - held).as("half of the window is held back at most").isLessThan(60);
    assertThat(most).isLessThan(160);
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(gone(clients)).isEqualTo(500);
    assertThat(pod.report().pacing().closed()).isTrue();
    assertThat(pod.report().pacing().pauses()).isPositive();
  }

  private static long gone(List<KeepingConnection> clients) {
    return clients.stream().filter(client -> !client.events().isEmpty()).count();
  }
}
