package io.gracefuldrain.sample.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReceiverTest {
  private static final long MS = 1_000_000;
  private static final Scenario.Speed SPEED = new Scenario.Speed(100, Duration.ofMillis(400));

  @Test
  void warm_takesOneAfterTheOther() {
    Receiver receiver = Receiver.warm(SPEED);

    assertThat(receiver.take(0)).isEqualTo(10 * MS);
    assertThat(receiver.take(1 * MS)).isEqualTo(20 * MS);
    assertThat(receiver.take(100 * MS)).isEqualTo(110 * MS);
  }

  @Test
  void cold_takesLongForTheFirst_thenALittleMoreAndMoreAndMoreLikeAWarmOne() {
    Receiver receiver = Receiver.cold(SPEED);

    assertThat(receiver.take(0)).isEqualTo(400 * MS);
    assertThat(receiver.take(1_000 * MS) - 1_000 * MS).isBetween(13 * MS, 14 * MS);
    long last = 0;
    for (long at = 2_000 * MS; at < 2_000_000 * MS; at += 1_000 * MS) {
      last = receiver.take(at) - at;
    }
    assertThat(last).isBetween(10 * MS, 10 * MS + MS / 100);
  }

  @Test
  void stall_fourSecondsAfterTheFirst_holdsUpThoseWhoWaitAndThoseWhoCome() {
    Scenario.Speed stalls =
        new Scenario.Speed(100, Duration.ofMillis(400), Duration.ofMillis(3_000));
    Receiver receiver = Receiver.cold(stalls);

    receiver.take(1_000 * MS);
    assertThat(receiver.take(4_900 * MS)).isLessThan(5_000 * MS);
    assertThat(receiver.take(6_000 * MS)).isBetween(8_010 * MS, 8_020 * MS);
    assertThat(receiver.take(6_010 * MS)).isBetween(8_020 * MS, 8_040 * MS);
    assertThat(receiver.deepest()).isEqualTo(2);
    assertThat(receiver.backlog(7_000 * MS)).isGreaterThan(1_000 * MS);
    assertThat(receiver.take(9_000 * MS)).isBetween(9_010 * MS, 9_020 * MS);
  }

  @Test
  void perSecond_isTheRateOfAWarmOne() {
    assertThat(Receiver.cold(SPEED).perSecond()).isEqualTo(100);
    assertThat(Receiver.cold(SPEED.tenth()).perSecond()).isEqualTo(10);
  }
}
