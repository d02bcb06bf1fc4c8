package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeedScheduleTest {
  private static final long NOW = 1_790_000_000_250L;
  private final FeedSchedule schedule = new FeedSchedule(500);

  @Test
  void numberAt_betweenTwo_isTheEarlier() {
    assertThat(schedule.numberAt(NOW)).isEqualTo(3_580_000_000L);
    assertThat(schedule.numberAt(schedule.dueAt(7))).isEqualTo(7);
    assertThat(schedule.numberAt(schedule.dueAt(7) - 1)).isEqualTo(6);
  }

  @Test
  void numberAt_twoPods_isTheSame() {
    assertThat(new FeedSchedule(500).numberAt(NOW))
        .isEqualTo(new FeedSchedule(500).numberAt(NOW + 249));
  }

  @Test
  void resumeAfter_inTime_isTheNext() {
    assertThat(schedule.resumeAfter(schedule.numberAt(NOW) - 1, NOW))
        .isEqualTo(schedule.numberAt(NOW));
  }

  @Test
  void resumeAfter_nothingDue_isLaterThanWhatIsDue() {
    assertThat(schedule.resumeAfter(schedule.numberAt(NOW), NOW))
        .isGreaterThan(schedule.numberAt(NOW));
  }

  @Test
  void resumeAfter_shortStall_leavesNothingOut() {
    long sent = schedule.numberAt(NOW) - FeedSchedule.BURST;
    assertThat(schedule.resumeAfter(sent, NOW)).isEqualTo(sent + 1);
  }

  @Test
  void resumeAfter_longStall_sendsNoMoreThanABurst() {
    long first = schedule.resumeAfter(schedule.numberAt(NOW) - 1_000, NOW);
    assertThat(schedule.numberAt(NOW) - first + 1).isEqualTo(FeedSchedule.BURST);
  }

  @Test
  void waitFor_nextNumber_isTheRestOfTheInterval() {
    assertThat(schedule.waitFor(schedule.numberAt(NOW) + 1, NOW)).isEqualTo(250);
  }

  @Test
  void waitFor_overdueNumber_isNoTime() {
    assertThat(schedule.waitFor(schedule.numberAt(NOW) - 3, NOW)).isZero();
  }
}
