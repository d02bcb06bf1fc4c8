package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.KeptSessions.Seen;
import org.junit.jupiter.api.Test;

final class MarksTest {
  private final Marks marks = new Marks();

  @Test
  void add_sameMarkTwice_isAReplayUntilItIsForgotten() {
    assertThat(marks.add("a", 5_000, 6_000)).isEqualTo(Seen.FIRST);
    assertThat(marks.add("b", 5_500, 6_500)).isEqualTo(Seen.FIRST);
    assertThat(marks.add("a", 6_000, 7_000)).isEqualTo(Seen.REPLAYED);
    assertThat(marks.add("a", 6_001, 7_001)).as("forgotten").isEqualTo(Seen.FIRST);
    assertThat(marks.add("b", 6_001, 7_001)).isEqualTo(Seen.REPLAYED);
  }

  @Test
  void add_moreThanAreRemembered_isRefusedUntilOneIsForgotten() {
    for (int i = 0; i < Marks.MOST; i++) {
      assertThat(marks.add("m" + i, 5_000 + i, 6_000 + i)).isEqualTo(Seen.FIRST);
    }

    assertThat(marks.add("one more", 6_000, 7_000)).isEqualTo(Seen.TOO_OFTEN);
    assertThat(marks.add("m0", 6_000, 7_000)).isEqualTo(Seen.REPLAYED);
    assertThat(marks.add("one more", 6_001, 7_001)).isEqualTo(Seen.FIRST);
    assertThat(marks.add("another", 6_001, 7_001)).isEqualTo(Seen.TOO_OFTEN);
  }

  /** The clock was ahead, and is set right: what came then may come again when it is that late. */
  @Test
  void add_afterTheClockWasSetBack_forgetsWhatHasItsTimeAndNothingElse() {
    assertThat(marks.add("ahead", 90_000, 91_000)).isEqualTo(Seen.FIRST);
    assertThat(marks.add("a", 5_000, 6_000)).isEqualTo(Seen.FIRST);

    assertThat(marks.add("a", 6_001, 7_001)).as("forgotten").isEqualTo(Seen.FIRST);
    assertThat(marks.add("ahead", 90_500, 91_500)).isEqualTo(Seen.REPLAYED);
  }
}
