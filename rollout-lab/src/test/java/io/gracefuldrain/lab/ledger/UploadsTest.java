package io.gracefuldrain.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UploadsTest {
  private static final String HERE = "here";
  private static final String THERE = "there";

  private final Uploads uploads = new Uploads(1_000, 100);

  @Test
  void take_beforeTheFirstConnection_nothingIsDue() {
    assertThat(uploads.take(5_000, HERE)).isEmpty();
  }

  @Test
  void begin_betweenTwoSlots_theNextSlotIsTheFirst() {
    uploads.begin(1_201);
    assertThat(uploads.dueMs(1)).isEqualTo(1_300);
    assertThat(uploads.take(1_299, HERE)).isEmpty();
    assertThat(uploads.take(1_300, HERE)).containsExactly(1L);
  }

  @Test
  void begin_beforeTheFirstSlot_itIsTheFirst() {
    uploads.begin(7);
    assertThat(uploads.dueMs(1)).isEqualTo(1_000);
  }

  @Test
  void begin_again_theScheduleGoesOn() {
    uploads.begin(1_000);
    uploads.begin(9_000);
    assertThat(uploads.dueMs(3)).isEqualTo(1_200);
  }

  @Test
  void take_afterAStall_allThatWasDueInBetween() {
    uploads.begin(1_000);
    assertThat(uploads.take(1_350, HERE)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(uploads.take(1_350, HERE)).isEmpty();
    assertThat(uploads.sent()).isEqualTo(4);
  }

  @Test
  void take_tooManyUnacknowledged_waitsForRoom() {
    uploads.begin(1_000);
    assertThat(uploads.take(60_000, HERE)).hasSize(Uploads.MOST_IN_FLIGHT);
    assertThat(uploads.take(60_000, HERE)).isEmpty();
    assertThat(uploads.acknowledge(3)).isTrue();
    assertThat(uploads.take(60_000, HERE)).containsExactly(Uploads.MOST_IN_FLIGHT + 1L);
  }

  @Test
  void ended_unacknowledged_areSentAgainFirst() {
    uploads.begin(1_000);
    uploads.take(1_200, HERE);
    uploads.acknowledge(2);
    uploads.ended(HERE);
    assertThat(uploads.inFlight()).isZero();
    assertThat(uploads.take(1_300, HERE)).containsExactly(1L, 3L, 4L);
    LongStream.of(1, 3, 4).forEach(n -> assertThat(uploads.acknowledge(n)).isTrue());
    assertThat(List.of(uploads.sent(), uploads.acknowledged(), uploads.unanswered()))
        .containsExactly(4L, 4L, 2L);
  }

  @Test
  void acknowledge_twiceOrUnsent_isRefused() {
    uploads.begin(1_000);
    uploads.take(1_000, HERE);
    assertThat(uploads.acknowledge(1)).isTrue();
    assertThat(uploads.acknowledge(1)).isFalse();
    assertThat(uploads.acknowledge(2)).isFalse();
    assertThat(uploads.acknowledged()).isEqualTo(1);
  }

  @Test
  void end_nothingNewIsDueButTheUnansweredAre() {
    uploads.begin(1_000);
    uploads.take(1_100, HERE);
    uploads.end(1_150);
    uploads.ended(HERE);
    assertThat(uploads.take(9_000, HERE)).containsExactly(1L, 2L);
  }

  @Test
  void ended_oneOfTwo_leavesTheOtherAlone() {
    uploads.begin(1_000);
    uploads.take(1_100, HERE);
    assertThat(uploads.take(1_200, THERE)).containsExactly(3L);
    uploads.ended(HERE);
    assertThat(uploads.unanswered()).isEqualTo(2);
    assertThat(uploads.inFlight()).isEqualTo(1);
    assertThat(uploads.acknowledge(3)).isTrue();
    assertThat(uploads.acknowledge(1)).isFalse();
  }

  @Test
  void redirected_goesWithTheOther() {
    uploads.begin(1_000);
    uploads.take(1_000, THERE);
    uploads.redirected(THERE, HERE);
    uploads.ended(THERE);
    assertThat(uploads.inFlight()).isEqualTo(1);
  }
}
