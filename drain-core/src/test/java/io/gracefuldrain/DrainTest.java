package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A drain as its askers have it: its end, its time, its progress, its recall and its notes. */
class DrainTest {
  private static final String LONGEST = "n".repeat(200);

  private final VirtualPod pod = VirtualPod.serving();

  private Drain begun() {
    return begun(pod.coordinator.drain(DrainReason.MANUAL));
  }

  private Drain begun(Drain drain) {
    pod.advance(Duration.ZERO);
    return drain;
  }

  // ---------------------------------------------------------------- its time

  @Test
  void deadline_whileItGoesOn_isWhatIsLeft_andThenZero() {
    pod.stock(5);
    Drain drain = begun();
    assertThat(drain.deadline()).isEqualTo(VirtualPod.policy().total());

    pod.advance(s(1));
    assertThat(drain.deadline()).isEqualTo(VirtualPod.policy().total().minusSeconds(1));

    pod.advanceTo(DrainPhase.DRAINED);
    pod.advance(VirtualPod.policy().linger());
    assertThat(drain.deadline()).isZero();
  }

  @Test
  void within_less_tightensForAll_andMoreChangesNothing() {
    Drain drain = begun();
    Drain joined = begun();

    assertThat(drain.within(s(8))).isSameAs(drain);
    assertThat(joined.deadline()).isEqualTo(s(8));

    joined.within(s(9));
    assertThat(drain.deadline()).isEqualTo(s(8));
    assertThat(pod.report().compressed()).isTrue();
  }

  @Test
  void within_aNegativeTime_isRefused() {
    Drain drain = begun();
    assertThatThrownBy(() -> drain.within(s(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("within: PT-1S (expected: >= 0)");
    assertThatThrownBy(() -> drain.within(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("within");
    assertThat(drain.deadline()).isEqualTo(VirtualPod.policy().total());
  }

  // ---------------------------------------------------------------- its progress

  @Test
  void progress_countsThoseWithAnOutcome_alsoWhenItIsOver() {
    List<FakeClient> clients = pod.stock(4);
    Drain drain = begun();
    assertThat(drain.progress()).isEqualTo(new Drain.Progress(0, 4));

    clients.get(0).leave(Departure.GOODBYE);
    assertThat(drain.progress()).isEqualTo(new Drain.Progress(1, 4));

    pod.stock("another");
    assertThat(drain.progress()).isEqualTo(new Drain.Progress(1, 5));

    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(drain.progress()).isEqualTo(new Drain.Progress(5, 5));
  }

  // ---------------------------------------------------------------- its recall

  @Test
  void recall_inTime_completesAllAskers_andThePodServes() throws Exception {
    pod.stock(2);
    Drain drain = begun();
    Drain joined = begun();

    drain.recall();

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(VirtualPod.done(drain.done()).count(Outcome.KEPT)).isEqualTo(2);
    assertThat(VirtualPod.done(joined.done()).count(Outcome.KEPT)).isEqualTo(2);
    assertThat(drain.deadline()).isZero();
  }

  @Test
  void recall_afterASignal_isTooLate() {
    Drain drain = begun();
    begun(pod.coordinator.drain(DrainReason.SIGTERM));

    assertThatThrownBy(drain::recall)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("recall: SIGTERM has asked for the drain");
    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
  }

  @Test
  void recallAndWithin_ofADrainThatWasRecalled_doNotConcernTheNextOne() {
    Drain first = begun();
    first.recall();
    assertThatThrownBy(first::recall)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("recall: drain 1 was recalled (expected: the current drain)");

    Drain second = begun();
    assertThatThrownBy(first::recall).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> first.within(ms(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("within: drain 1 was recalled (expected: the current drain)");

    assertThat(first.deadline()).isZero();
    assertThat(second.deadline()).isEqualTo(VirtualPod.policy().total());
    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
  }

  @Test
  void recallAndWithin_ofAClosedCoordinator_areRefused() {
    Drain drain = begun();
    pod.close();
    assertThatThrownBy(drain::recall).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> drain.within(s(1))).isInstanceOf(IllegalStateException.class);
  }

  // ---------------------------------------------------------------- its notes

  @Test
  void note_ofEachAsker_standsInReceiptStatusAndLog() throws Exception {
    try (Log log = new Log()) {
      Drain drain = begun(pod.coordinator.drain(DrainReason.MANUAL, "node 7 \"reboots\""));
      begun(pod.coordinator.drain(DrainReason.MANUAL, "Grüße \uD83D\uDC4B"));
      begun(pod.coordinator.drain(DrainReason.MANUAL, "node 7 \"reboots\""));
      pod.advanceTo(DrainPhase.DRAINED);
      pod.advance(VirtualPod.policy().linger());

      DrainReport receipt = VirtualPod.done(drain.done());
      assertThat(receipt.notes()).containsExactly("node 7 \"reboots\"", "Grüße \uD83D\uDC4B");
      String json = "\"notes\":[\"node 7 \\\"reboots\\\"\",\"Grüße \\ud83d\\udc4b\"]";
      assertThat(receipt.toJson()).contains(json);
      assertThat(pod.printed()).hasSize(1).allSatisfy(line -> assertThat(line).contains(json));
      assertThat(receipt.toText())
          .endsWith(" note=\"node 7 \"reboots\"\" note=\"Grüße \uD83D\uDC4B\"");
      assertThat(log.lines(LogCode.UNREADY))
          .allSatisfy(line -> assertThat(line).contains("\"notes\":[\"node 7 \\\"reboots\\\"\"]"));
      assertThat(log.lines(LogCode.JOINED).get(0)).contains("\"note\":\"Grüße");
    }
  }

  @Test
  void note_ofVeryMany_areTheFirst_andNoneIsNoField() {
    for (int i = 0; i < 20; i++) {
      begun(pod.coordinator.drain(DrainReason.MANUAL, "note " + i));
    }
    assertThat(pod.report().notes()).hasSize(DrainRecord.NOTES).startsWith("note 0", "note 1");

    VirtualPod other = VirtualPod.serving();
    other.drain(DrainReason.MANUAL);
    assertThat(other.report().toJson()).doesNotContain("notes");
  }

  @Test
  void note_ofTheGreatestLength_isTaken() {
    begun(pod.coordinator.drain(DrainReason.MANUAL, LONGEST));
    assertThat(pod.report().notes()).containsExactly(LONGEST);
  }

  @Test
  void note_thatIsTooLongOrBlank_isRefusedWithItsLength() {
    refuses(LONGEST + "n", "note: 201 characters (expected: 1 to 200 visible characters)");
    refuses("", "note: 0 characters (expected: 1 to 200 visible characters)");
    refuses("   ", "note: 3 characters (expected: 1 to 200 visible characters)");
    refuses(null, "note");
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "\t", "\u0000", "\u007f", "\u2028", "\u202e", "\u200b", "\ud800", "\ue000"})
  void note_withWhatCannotBeSeen_isRefusedAndSaysWhat(String hidden) {
    refuses(
        "a" + hidden + "b",
        "note: 3 characters, with U+"
            + String.format("%04X", (int) hidden.charAt(0))
            + " among them (expected: 1 to 200 visible characters)");
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  private void refuses(String note, String message) {
    assertThatThrownBy(() -> pod.coordinator.drain(DrainReason.MANUAL, note)).hasMessage(message);
  }
}
