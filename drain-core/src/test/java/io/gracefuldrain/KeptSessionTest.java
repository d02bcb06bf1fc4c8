package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.gracefuldrain.handover.HandOver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that wait for another pod, in the drain of their old one. */
final class KeptSessionTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final DrainPolicy POLICY = VirtualPod.policy().withTicketKey(KEY);

  private final VirtualPod pod = VirtualPod.serving(POLICY);

  /** What a packet counts besides its own bytes. */
  private static final int COUNTED = KeptSession.PACKET_BYTES;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private KeptSessions sessions() {
    return pod.coordinator.keptSessions();
  }

  private KeepingConnection client(String id) {
    return KeepingConnection.register(pod.coordinator, id);
  }

  private String give(String session, String request) throws HandOverRefusal {
    return new String(sessions().take(session, request), StandardCharsets.UTF_8);
  }

  /** Taken, and landed. */
  private String take(String session, String request) throws HandOverRefusal {
    String mail = give(session, request);
    sessions().landed(session, request, "pod-b");
    return mail;
  }

  private static void assertRefused(String reason, ThrowingCallable asking) {
    assertThatThrownBy(asking)
        .asInstanceOf(type(HandOverRefusal.class))
        .extracting(HandOverRefusal::reason)
        .isEqualTo(reason);
  }

  private HandOverCounts counts() {
    return pod.coordinator.totals().handedOver();
  }

  private void drainToMoving() {
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.MOVING);
    pod.advance(s(10)); // all have had their slot
  }

  // ---------------------------------------------------------------- taken

  @Test
  void take_ofASessionThatWaits_landsItsConnectionWithAllThatWasSentMeanwhile() throws Exception {
    KeepingConnection client = client("a");
    drainToMoving();
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    assertThat(client.send("one")).isTrue();
    assertThat(client.send("two")).isTrue();
    assertThat(client.handle().moving()).isTrue();
    assertThat(client.handle().movedTo()).isEmpty();

    assertThat(sessions().state("a", bytes("a"))).isEqualTo(bytes("state of a"));
    assertThat(sessions().state("a", bytes("a"))).as("again").isEqualTo(bytes("state of a"));
    assertThat(take("a", "r1")).isEqualTo("one\ntwo");

    assertThat(client.events()).containsExactly("LET_GO", "kept", "taken by pod-b");
    assertThat(client.handle().movedTo()).contains("pod-b");
    assertThat(client.handle().moving()).isTrue();
    assertThat(client.send("three")).isFalse();
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.LANDED, 1));
    assertThat(pod.report().addsUp()).isTrue();
    assertThat(pod.report().handedOver())
        .isEqualTo(new HandOverCounts(1, 1, 1, 0, Map.of(), 2, 6, Map.of()));
  }

  @Test
  void take_thatIsNotConfirmed_leavesTheSessionInItsPlace() throws Exception {
    KeepingConnection client = client("a");
    drainToMoving();
    client.send("one");

    assertThat(give("a", "r1")).isEqualTo("one");

    assertThat(client.events()).containsExactly("LET_GO", "kept");
    assertThat(client.handle().movedTo()).isEmpty();
    assertThat(client.send("two")).as("its pod may ask again").isTrue();
    assertThat(counts().taken()).isZero();
    assertThat(give("a", "r1")).as("its answer was lost").isEqualTo("one\ntwo");
    sessions().landed("a", "r1", "pod-b");
    sessions().landed("a", "r1", "pod-b"); // the answer to that was lost

    assertThat(client.events()).containsExactly("LET_GO", "kept", "taken by pod-b");
    assertThat(client.handle().movedTo()).contains("pod-b");
    assertThat(client.send("three")).isFalse();
    assertThat(counts()).isEqualTo(new HandOverCounts(1, 1, 1, 0, Map.of(), 2, 6, Map.of()));
    assertRefused("taken", () -> give("a", "r1"));
    pod.advance(Duration.ofNanos(Mailboxes.REPEATED + Mailboxes.BETWEEN));
    assertRefused("unknown", () -> give("a", "r1"));
    assertRefused("unknown", () -> sessions().landed("a", "r1", "pod-b"));
    assertThat(pod.coordinator.phase()).isEqualTo(DrainPhase.DRAINED);
  }

  @Test
  void landed_givesWhatHasComeUntilTheEnd_andGivesItAgain() throws Exception {
    KeepingConnection client = client("a");
    CompletableFuture<byte[]> end = client.endsLate();
    drainToMoving();
    client.send("one");
    assertThat(give("a", "r1")).isEqualTo("one");

    var first = sessions().landed("a", "r1", "pod-b").toCompletableFuture();
    var again = sessions().landed("a", "r1", "pod-b").toCompletableFuture(); // a lost answer
    assertThat(first).isNotDone();
    assertThat(client.send("two")).as("it has not ended").isTrue();
    end.complete(bytes("two"));

    assertThat(first).isCompletedWithValueMatching(rest -> Arrays.equals(rest, bytes("two")));
    assertThat(again).isCompletedWithValueMatching(rest -> Arrays.equals(rest, bytes("two")));
    assertThat(client.send("three")).isFalse();
    assertThat(sessions().landed("a", "r1", "pod-b").toCompletableFuture().get())
        .isEqualTo(bytes("two"));
    assertThat(counts()).isEqualTo(new HandOverCounts(1, 1, 1, 0, Map.of(), 2, 6, Map.of()));
    assertRefused("taken", () -> sessions().landed("a", "r2", "pod-c"));
  }

  @Test
  void landed_ofASessionThatDoesNotEnd_failsInTime() throws Exception {
    KeepingConnection client = client("a");
    CompletableFuture<byte[]> end = client.endsLate();
    drainToMoving();
    give("a", "r1");

    var rest = sessions().landed("a", "r1", "pod-b").toCompletableFuture();
    pod.advance(Duration.ofNanos(Mailboxes.REPEATED + Mailboxes.BETWEEN));

    assertThat(rest).isCompletedExceptionally();
    end.complete(bytes("too late"));
    assertRefused("unknown", () -> sessions().landed("a", "r1", "pod-b"));
    assertThat(counts().taken()).isOne();
  }

  @Test
  void take_byAnotherRequest_isRefused_untilTheClientMayHaveComeElsewhere() throws Exception {
    KeepingConnection client = client("a");
    drainToMoving();
    client.send("one");

    assertThat(give("a", "r1")).isEqualTo("one");
    assertRefused("taken", () -> give("a", "r2"));
    assertRefused("taken", () -> sessions().state("a", bytes("a")));
    assertRefused("taken", () -> sessions().landed("a", "r2", "pod-c"));
    pod.advance(Duration.ofNanos(Takers.AGAIN_AFTER));
    client.send("two");

    assertThat(sessions().state("a", bytes("a"))).isEqualTo(bytes("state of a"));
    assertThat(give("a", "r2")).as("with what has come since").isEqualTo("one\ntwo");
    assertRefused("taken", () -> sessions().landed("a", "r1", "pod-b"));
    pod.advance(Duration.ofNanos(Takers.AGAIN_AFTER));
    assertRefused("taken", () -> give("a", "r1")); // it has no turn again
    sessions().landed("a", "r2", "pod-c");

    assertThat(client.events()).containsExactly("LET_GO", "kept", "taken by pod-c");
    assertThat(client.handle().movedTo()).contains("pod-c");
    assertThat(counts().taken()).isEqualTo(1);
  }

  @Test
  void take_byRequestsWithoutEnd_isRefusedAtLast() throws Exception {
    client("a");
    drainToMoving();
    for (int i = 0; i < Takers.MOST; i++) {
      assertThat(give("a", "r" + i)).isEmpty();
      pod.advance(Duration.ofNanos(Takers.AGAIN_AFTER));
    }

    assertRefused("taken", () -> give("a", "another"));
  }

  @Test
  void take_thatIsNeverConfirmed_isCountedAsThat_andTheDrainEndsInTime() throws Exception {
    KeepingConnection client = client("a");
    drainToMoving();
    assertThat(give("a", "r1")).isEmpty();
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
    assertThat(pod.report().handedOver())
        .isEqualTo(new HandOverCounts(1, 1, 0, 0, Map.of("unconfirmed", 1L), 0, 0, Map.of()));
    assertThat(pod.report().elapsed()).isLessThanOrEqualTo(POLICY.total());
    assertRefused("unknown", () -> sessions().landed("a", "r1", "pod-b"));
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
  }

  @Test
  void take_thatIsNotConfirmedWhileThePodServes_expiresAfterTheSettleGrace() throws Exception {
    KeepingConnection client = client("a");
    pod.coordinator.shed(1);
    while (!client.events().contains("kept")) {
      pod.advance(ms(20));
    }
    give("a", "r1");
    pod.advance(s(5).minus(ms(100)));
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    pod.advance(s(1));

    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(counts().refused()).isEqualTo(Map.of("unconfirmed", 1L));
    pod.advance(s(60));
    assertThat(pod.clock.idle()).as("nothing more to do").isTrue();
  }

  @Test
  void landed_withoutATake_isRefused() {
    KeepingConnection client = client("a");
    drainToMoving();

    assertRefused("taken", () -> sessions().landed("a", "r1", "pod-b"));
    assertRefused("unknown", () -> sessions().landed("b", "r1", "pod-b"));
    assertThat(client.events()).containsExactly("LET_GO", "kept");
  }

  @Test
  void drop_ofOneThatWasTaken_isKnownForAWhile_andNobodyHasItAgain() throws Exception {
    KeepingConnection client = client("a");
    drainToMoving();
    give("a", "r1");

    client.kept().drop("disconnected");

    assertRefused("thrown_out", () -> give("a", "r1"));
    assertRefused("thrown_out", () -> give("a", "r2"));
    assertRefused("thrown_out", () -> sessions().state("a", bytes("a")));
    assertRefused("thrown_out", () -> sessions().landed("a", "r1", "pod-b"));
    assertRefused("thrown_out", () -> sessions().landed("a", "r1", "pod-b")); // a lost answer
    pod.advance(Duration.ofNanos(Mailboxes.REPEATED + Mailboxes.BETWEEN));
    assertRefused("unknown", () -> sessions().landed("a", "r1", "pod-b"));
    assertThat(counts().taken()).isZero();
    assertThat(counts().refused()).containsEntry("disconnected", 1L);
  }

  @Test
  void drop_ofOneThatWaits_isItsEnd() {
    KeepingConnection client = client("a");
    drainToMoving();

    client.kept().drop("disconnected");

    assertRefused("unknown", () -> sessions().state("a", bytes("a")));
    assertRefused("unknown", () -> give("a", "r1"));
  }

  @Test
  void drain_withOneThatWasThrownOut_waitsUntilThePodThatHasItKnows() throws Exception {
    KeepingConnection client = client("a");
    drainToMoving();
    give("a", "r1");

    client.kept().drop("disconnected");
    client.handle().left(Departure.GOODBYE);
    pod.advance(s(1));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertRefused("thrown_out", () -> sessions().landed("a", "r0", "pod-0")); // it has it not
    pod.advance(ms(100));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertRefused("thrown_out", () -> sessions().landed("a", "r1", "pod-b"));
    pod.advance(ms(100));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertRefused("thrown_out", () -> sessions().landed("a", "r1", "pod-b")); // a lost answer
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void drain_withOneThatWasThrownOut_waitsForItsPodNoLongerThanForAnAnswer() throws Exception {
    VirtualPod patient = VirtualPod.serving(POLICY.withSettleGrace(s(20)).withGracePeriod(s(60)));
    KeepingConnection client = KeepingConnection.register(patient.coordinator, "a");
    drain(patient);
    patient.coordinator.keptSessions().take("a", "r1");

    client.kept().drop("disconnected");
    client.handle().left(Departure.GOODBYE);
    patient.advance(Duration.ofNanos(Mailboxes.REPEATED).minus(ms(100)));
    assertThat(patient.phase()).isEqualTo(DrainPhase.SETTLING);
    patient.advance(Duration.ofNanos(Mailboxes.BETWEEN).plus(ms(300)));

    assertThat(patient.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(patient.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
    patient.advance(s(60));
    assertThat(patient.clock.idle()).as("nothing more to do").isTrue();
  }

  @Test
  void take_onceMoreByTheSameRequest_isLeftAloneForAsLongAgain() throws Exception {
    client("a");
    drainToMoving();
    give("a", "r1");
    pod.advance(Duration.ofNanos(Takers.AGAIN_AFTER).minus(ms(50)));
    give("a", "r1");
    pod.advance(Duration.ofNanos(Takers.AGAIN_AFTER).minus(ms(50)));

    assertRefused("taken", () -> give("a", "r2"));
    assertThat(HandOver.Prepared.LEASE.toNanos())
        .as("what the pod that has it counts on")
        .isLessThan(Takers.AGAIN_AFTER);
    pod.advance(ms(50));
    assertThat(give("a", "r2")).isEmpty();
    assertRefused("taken", () -> give("a", "r1"));
  }

  /** The pod that has it was about to say so when the drain's time came. */
  @Test
  void landed_inTheFirstHalfOfClosingByForce_counts() throws Exception {
    KeepingConnection client = client("a");
    KeepingConnection waits = client("b");
    drainToMoving();
    give("a", "r1");
    pod.advanceTo(DrainPhase.FORCING);
    pod.advance(ms(300));
    assertThat(waits.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(client.events()).containsExactly("LET_GO", "kept");

    sessions().landed("a", "r1", "pod-b");
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(client.events()).containsExactly("LET_GO", "kept", "taken by pod-b");
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.LANDED, 1, Outcome.CLOSED, 1));
    assertThat(pod.report().elapsed()).isLessThanOrEqualTo(POLICY.total());
  }

  @Test
  void reserve_beyondTheBoundsOfOneThatWasTaken_endsIt() throws Exception {
    VirtualPod small = VirtualPod.serving(POLICY.withHandoverSessionBytes(10));
    KeepingConnection client = KeepingConnection.register(small.coordinator, "a");
    drain(small);
    small.coordinator.keptSessions().take("a", "r1");

    assertThat(client.send("0123456789x")).isFalse();

    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(small.coordinator.totals().handedOver().refused()).isEqualTo(Map.of("too_big", 1L));
  }

  @Test
  void drain_whoseSessionsAreTakenAtOnce_isAsShortAsOne_andOtherwiseWaitsForThem()
      throws Exception {
    client("a");
    KeepingConnection stays = client("b");
    drainToMoving();

    take("a", "r1");
    pod.advance(ms(100));
    assertThat(pod.phase()).as("one is still waited for").isEqualTo(DrainPhase.SETTLING);
    assertThat(stays.events()).containsExactly("LET_GO", "kept");

    take("b", "r2");
    pod.advance(ms(100));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().count(Outcome.LANDED)).isEqualTo(2);
  }

  /** What is remembered of its requests goes with it: then it is refused anyway. */
  @Test
  void requests_forASession_areRememberedAsLongAsItIsKnown() throws Exception {
    client("a");
    assertThat(sessions().seen("a", "m", 0, 1)).isEqualTo(KeptSessions.Seen.UNKNOWN);
    drainToMoving();
    assertThat(sessions().seen("a", "m", 0, 1)).isEqualTo(KeptSessions.Seen.FIRST);
    take("a", "r1");
    assertThat(sessions().seen("a", "m", 0, 1)).isEqualTo(KeptSessions.Seen.REPLAYED);

    pod.advance(s(6));
    assertThat(sessions().seen("a", "m", 0, 1)).isEqualTo(KeptSessions.Seen.UNKNOWN);
    assertRefused("unknown", () -> give("a", "r1"));
  }

  @Test
  void take_byThePodItself_isNoLanding() throws Exception {
    client("a");
    drainToMoving();

    sessions().take("a", "r1");
    sessions().landed("a", "r1", null);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
    assertThat(counts().taken()).isEqualTo(1);
  }

  @Test
  void take_whoseAdapterThrows_isRefusedAndTheConnectionIsCut() throws Exception {
    try (Log log = new Log()) {
      KeepingConnection client = client("a");
      drainToMoving();
      client.failsWith(new IllegalStateException("store is away"));

      assertRefused("failed", () -> sessions().state("a", bytes("a")));
      assertRefused("failed", () -> take("a", "r1"));
      assertRefused("unknown", () -> take("a", "r1"));
      assertThat(counts().taken()).as("nobody has got it").isZero();
      pod.advanceTo(DrainPhase.DRAINED);

      assertThat(client.events()).containsExactly("LET_GO", "kept", "FORCE");
      assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
      assertThat(log.lines(LogCode.HANDOVER_FAILED)).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  // ---------------------------------------------------------------- refused

  @Test
  void state_forSomebodyElse_isRefusedAndTheSessionWaitsOn() throws Exception {
    client("a");
    drainToMoving();

    assertRefused("identity", () -> sessions().state("a", bytes("mallory")));
    assertRefused("unknown", () -> sessions().state("nobody", bytes("a")));
    assertThat(counts().refused()).isEqualTo(Map.of("identity", 1L, "unknown", 1L));
    assertThat(sessions().state("a", bytes("a"))).isEqualTo(bytes("state of a"));
    assertThat(take("a", "r1")).isEmpty();
  }

  @Test
  void requests_beforeItIsCertainThatAllHasArrived_areRefused() throws Exception {
    KeepingConnection client = KeepingConnection.filling(pod.coordinator, "a");
    drainToMoving();
    client.send("one");

    assertRefused("unproven", () -> sessions().state("a", bytes("a")));
    assertRefused("unproven", () -> take("a", "r1"));
    assertThat(counts().refused()).isEqualTo(Map.of("early", 1L));
    client.kept().offer(client);
    assertThat(take("a", "r1")).isEqualTo("one");
  }

  @Test
  void drop_byTheAdapter_endsIt_andForceReachesTheConnection() {
    KeepingConnection client = KeepingConnection.filling(pod.coordinator, "a");
    drainToMoving();

    client.kept().drop("unproven");
    client.kept().drop("disconnected");

    assertThat(client.send("one")).isFalse();
    assertRefused("unknown", () -> take("a", "r1"));
    assertThat(counts().refused()).containsEntry("unproven", 1L).doesNotContainKey("disconnected");
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(client.events()).containsExactly("LET_GO", "kept", "FORCE");
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.FORCED, 1));
  }

  @Test
  void drop_forAReasonOfTheAdaptersOwn_countsAsOther() {
    KeepingConnection client = KeepingConnection.filling(pod.coordinator, "a");
    drainToMoving();

    client.kept().drop("moon_is_full");

    assertThat(counts().refused()).isEqualTo(Map.of("other", 1L));
  }

  @Test
  void left_withoutAWord_endsItToo() {
    KeepingConnection filling = KeepingConnection.filling(pod.coordinator, "a");
    KeepingConnection offered = client("b");
    drainToMoving();

    filling.handle().left(Departure.SILENT);
    offered.handle().left(Departure.GOODBYE);
    pod.advance(ms(100));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(counts().refused()).isEqualTo(Map.of("unproven", 1L, "disconnected", 1L));
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 2));
    assertThat(offered.events()).containsExactly("LET_GO", "kept");
  }

  // ---------------------------------------------------------------- bounds

  @Test
  void reserve_beyondTheBytesOfASession_endsIt() {
    VirtualPod small = VirtualPod.serving(POLICY.withHandoverSessionBytes(10 + COUNTED));
    KeepingConnection client = KeepingConnection.register(small.coordinator, "a");
    drain(small);

    assertThat(client.send("0123456789")).isTrue();
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    assertThat(client.send("x")).isFalse();
    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(client.send("")).as("never whole again").isFalse();

    assertRefused("unknown", () -> small.coordinator.keptSessions().take("a", "r"));
    small.advance(ms(100));
    assertThat(small.phase()).as("nobody is waited for").isEqualTo(DrainPhase.DRAINED);
    assertThat(small.report().handedOver())
        .isEqualTo(
            new HandOverCounts(1, 1, 0, 0, Map.of("too_big", 1L, "unknown", 1L), 0, 0, Map.of()));
    assertThat(small.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
  }

  @Test
  void reserve_ofManySmallPackets_endsASessionBeforeItIsOffered() {
    VirtualPod small = VirtualPod.serving(POLICY.withHandoverSessionBytes(3 * COUNTED));
    KeepingConnection client = KeepingConnection.filling(small.coordinator, "a");
    drain(small);

    assertThat(client.send("1")).isTrue();
    assertThat(client.send("2")).isTrue();
    assertThat(client.send("3")).isFalse();
    assertThat(client.events()).as("it is closing on its own").containsExactly("LET_GO", "kept");
    client.kept().offer(client);

    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(small.coordinator.totals().handedOver().refused()).isEqualTo(Map.of("too_big", 1L));
  }

  @Test
  void reserve_beyondTheBytesOfThePod_endsTheOneThatFindsNoRoom_andATakenOneMakesRoom()
      throws Exception {
    VirtualPod small = VirtualPod.serving(POLICY.withHandoverPodBytes(10 + 2 * COUNTED));
    KeepingConnection a = KeepingConnection.register(small.coordinator, "a");
    KeepingConnection b = KeepingConnection.register(small.coordinator, "b");
    KeepingConnection c = KeepingConnection.register(small.coordinator, "c");
    drain(small);

    assertThat(a.send("0123456")).isTrue();
    assertThat(b.send("0123")).isFalse();
    assertThat(c.send("012")).isTrue();
    assertThat(a.send("")).isFalse();
    assertThat(c.send("0123456")).as("the room of one that has ended is free").isTrue();

    assertThat(small.coordinator.totals().handedOver().refused()).isEqualTo(Map.of("pod_full", 2L));
    small.coordinator.keptSessions().take("c", "r");
    KeepingConnection late = KeepingConnection.register(small.coordinator, "d");
    small.advance(ms(100));
    assertThat(late.events()).as("the taken one is still kept").containsExactly("LET_GO");
    small.coordinator.keptSessions().landed("c", "r", "pod-b");
    KeepingConnection later = KeepingConnection.register(small.coordinator, "e");
    small.advance(ms(100));
    assertThat(later.events()).containsExactly("LET_GO", "kept");
  }

  @Test
  void reserve_ofFiveSecondsOfABusyFeed_fits() {
    KeepingConnection client = client("a");
    drainToMoving();

    for (int i = 0; i < 5 * 250; i++) {
      assertThat(client.send("x".repeat(200))).isTrue();
    }
  }

  @Test
  void reserve_ofLessThanNothing_isRefusedByName() {
    KeepingConnection client = client("a");
    drainToMoving();

    assertThatThrownBy(() -> client.kept().reserve(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes: -1 (expected: >= 0)");
  }

  @Test
  void offer_twice_isRefused() {
    KeepingConnection client = client("a");
    drainToMoving();

    assertThatThrownBy(() -> client.kept().offer(client))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("session: offered twice (expected: once)");
  }

  // ---------------------------------------------------------------- time

  @Test
  void session_thatNobodyTakes_waitsForTheSettleGraceAndIsClosed() {
    KeepingConnection client = client("a");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.SETTLING);
    pod.advance(s(5).minus(ms(100)));
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    assertThat(pod.report().remaining()).isEqualTo(1);

    pod.advance(ms(200));

    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
    assertThat(pod.report().elapsed()).isLessThanOrEqualTo(POLICY.total());
    assertThat(counts().expired()).isEqualTo(1);
    assertThat(pod.report().toJson())
        .contains(
            "\"handover\":{\"keys\":[\""
                + POLICY.ticketKeyNames().get(0)
                + "\"],\"kept\":1,\"offered\":1,\"taken\":0,\"expired\":1,\"refused\":{},"
                + "\"packets\":0,\"bytes\":0,\"fetched\":{}}");
    assertThat(pod.report().toText())
        .contains(" handover-offered=1 handover-taken=0 handover-expired=1 ");
    assertRefused("unknown", () -> take("a", "r1"));
    pod.advance(s(60));
    assertThat(pod.clock.idle()).as("nothing more to do").isTrue();
  }

  @Test
  void session_thatStillFillsAtTheEnd_isForced() {
    KeepingConnection client = KeepingConnection.filling(pod.coordinator, "a");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(client.events()).containsExactly("LET_GO", "kept", "FORCE");
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.FORCED, 1));
    assertThat(counts().refused()).isEqualTo(Map.of("forced", 1L));
  }

  @Test
  void session_afterAShed_waitsForTheSettleGraceWhileThePodServes() throws Exception {
    KeepingConnection a = client("a");
    KeepingConnection b = client("b");
    pod.coordinator.shed(2);
    while (!a.events().contains("kept")) {
      pod.advance(ms(20));
    }
    pod.advance(s(5).minus(ms(100)));
    a.send("one");
    assertThat(take("a", "r1")).isEqualTo("one");

    pod.advance(s(20));

    assertThat(a.events()).containsExactly("LET_GO", "kept", "taken by pod-b");
    assertThat(b.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(pod.coordinator.totals().ended())
        .containsEntry(Outcome.LANDED, 1L)
        .containsEntry(Outcome.CLOSED, 1L);
    assertThat(pod.report().handedOver())
        .isEqualTo(new HandOverCounts(2, 2, 1, 1, Map.of(), 1, 3, Map.of()));
    pod.advance(s(60));
    assertThat(pod.clock.idle()).as("nothing more to do").isTrue();
  }

  @Test
  void session_atARecall_waitsOnForAClientThatComesBack() throws Exception {
    KeepingConnection client = client("a");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.SETTLING);
    pod.advance(s(4));
    client.send("one");

    pod.coordinator.resume();
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
    client.send("two");
    pod.advance(s(4));
    assertThat(give("a", "r1")).isEqualTo("one\ntwo");
    sessions().landed("a", "r1", null);

    assertThat(client.events()).containsExactly("LET_GO", "kept", "taken by pod-a");
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void session_thatIsLeftAfterARecall_expires() {
    KeepingConnection client = client("a");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.SETTLING);
    pod.coordinator.resume();
    pod.advance(s(5).plus(ms(500)));

    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(pod.coordinator.totals().ended()).containsEntry(Outcome.CLOSED, 1L);
    pod.advance(s(60));
    assertThat(pod.clock.idle()).as("nothing more to do").isTrue();
  }

  @Test
  void session_ofARecalledDrain_endsWithTheNextOne() {
    KeepingConnection client = client("a");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.SETTLING);
    pod.coordinator.resume();
    pod.drain(DrainReason.SIGTERM, s(2));
    pod.advanceTo(DrainPhase.DRAINED);
    pod.advance(s(1));

    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
  }

  @Test
  void session_inADrainThatIsShortened_endsWithIt() {
    KeepingConnection client = client("a");
    pod.drain(DrainReason.SIGTERM, s(1));
    pod.advance(s(1).plus(ms(300)));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(client.events()).endsWith("expired").doesNotContain("FORCE");
    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.CLOSED, 1));
  }

  // ---------------------------------------------------------------- when none is kept

  @Test
  void keep_withoutAKey_orSwitchedOff_isNothing() {
    for (DrainPolicy off :
        List.of(VirtualPod.policy(), POLICY.withHandover(DrainPolicy.Handover.OFF))) {
      VirtualPod plain = VirtualPod.serving(off);
      KeepingConnection client = KeepingConnection.register(plain.coordinator, "a");
      drain(plain);

      assertThat(client.events()).containsExactly("LET_GO");
      assertThat(plain.report().handedOver()).isNull();
      assertThat(plain.report().toJson()).doesNotContain("handover");
      assertThat(plain.report().toText()).doesNotContain("handover");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DrainPhase.class,
      names = {"SERVING", "UNREADY"})
  void keep_ofOneThatNothingLetsGo_isNothing(DrainPhase phase) {
    KeepingConnection client = client("a");
    if (phase == DrainPhase.UNREADY) {
      pod.drain(DrainReason.SIGTERM);
    }

    assertThat(client.handle().keep("a")).isNull();
    assertThat(client.handle().moving()).isFalse();
  }

  @Test
  void keep_ofOneThatSaysItHasLanded_isNothing() {
    FakeClient aware = pod.aware("a");
    List<KeptSession> kept = new ArrayList<>();
    aware.onClose(manner -> kept.add(aware.handle().keep("a")));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.MOVING);
    pod.advance(s(1));
    aware.land(ms(10));
    pod.advance(s(10));

    assertThat(aware.closes).contains(CloseManner.LET_GO);
    assertThat(kept).containsOnlyNulls();
  }

  @Test
  void keep_twice_isOneSession_andANameIsTakenOnce() {
    KeepingConnection client = KeepingConnection.filling(pod.coordinator, "a");
    FakeClient other = pod.stock("b").stubborn();
    drainToMoving();

    assertThat(client.handle().keep("a")).isSameAs(client.kept());
    assertThat(client.handle().keep("another")).isNull();
    assertThatThrownBy(() -> other.handle().keep("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("session: one of this name is kept already");
    assertThat(counts().kept()).isEqualTo(1);
  }

  private static void drain(VirtualPod pod) {
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.MOVING);
    pod.advance(s(10));
  }
}
