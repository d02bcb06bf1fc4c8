package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeedScheduleTest {
  private static final long NOW = 1_790_000_000_250L;
  private final FeedSchedule beat = new FeedSchedule(500);

  @Test
  void numberAt_betweenTwo_isTheEarlier() {
    assertThat(beat.numberAt(NOW)).isEqualTo(3_580_000_000L);
    assertThat(beat.numberAt(beat.dueAt(7))).isEqualTo(7);
    assertThat(beat.numberAt(beat.dueAt(7) - 1)).isEqualTo(6);
  }

  @Test
  void numberAt_twoPods_isTheSame() {
    assertThat(new FeedSchedule(500).numberAt(NOW))
        .isEqualTo(new FeedSchedule(500).numberAt(NOW + 249));
  }

  @Test
  void resumeAfter_inTime_isTheNext() {
    assertThat(beat.resumeAfter(beat.numberAt(NOW) - 1, NOW)).isEqualTo(beat.numberAt(NOW));
  }

  @Test
  void resumeAfter_nothingDue_isLaterThanWhatIsDue() {
    assertThat(beat.resumeAfter(beat.numberAt(NOW), NOW)).isGreaterThan(beat.numberAt(NOW));
  }

  @Test
  void resumeAfter_shortStall_leavesNothingOut() {
    long sent = beat.numberAt(NOW) - FeedSchedule.BURST;
    assertThat(beat.resumeAfter(sent, NOW)).isEqualTo(sent + 1);
  }

  @Test
  void resumeAfter_longStall_sendsNoMoreThanABurst() {
    long first = beat.resumeAfter(beat.numberAt(NOW) - 1_000, NOW);
    assertThat(beat.numberAt(NOW) - first + 1).isEqualTo(FeedSchedule.BURST);
  }

  @Test
  void waitFor_nextNumber_isTheRestOfTheInterval() {
    assertThat(beat.waitFor(beat.numberAt(NOW) + 1, NOW)).isEqualTo(250);
  }

  @Test
  void waitFor_overdueNumber_isNoTime() {
    assertThat(beat.waitFor(beat.numberAt(NOW) - 3, NOW)).isZero();
  }
}
