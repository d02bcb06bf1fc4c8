package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KubeletRulesTest {
  private final Grace grace = new Grace(Duration.ofSeconds(30));

  @Test
  void afterSigterm_shortPreStop_hasWhatIsLeft() {
    assertThat(grace.afterSigterm(Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
    assertThat(grace.afterSigterm(Duration.ofSeconds(12))).isEqualTo(Duration.ofSeconds(18));
  }

  @Test
  void afterSigterm_longPreStop_hasTwoSeconds() {
    assertThat(grace.afterSigterm(Duration.ofSeconds(29))).isEqualTo(Duration.ofSeconds(2));
    assertThat(grace.afterSigterm(grace.forPreStop())).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void answered_oneFailure_staysGood() {
    ProbeCount count = new ProbeCount(2);
    assertThat(count.good()).isFalse();
    assertThat(count.answered(true)).isTrue();
    assertThat(count.answered(false)).isFalse();
    assertThat(count.good()).isTrue();
    assertThat(count.answered(true)).isFalse();
    assertThat(count.answered(false)).isFalse();
    assertThat(count.good()).isTrue();
  }

  @Test
  void answered_failuresInARow_isBadUntilOneSuccess() {
    ProbeCount count = new ProbeCount(2);
    count.answered(true);
    count.answered(false);
    assertThat(count.answered(false)).isTrue();
    assertThat(count.good()).isFalse();
    assertThat(count.answered(true)).isTrue();
    assertThat(count.good()).isTrue();
  }

  @Test
  void dueMs_manyChanges_neverOvertakeEachOther() {
    DelayRange delays = DelayRange.parse("500ms..1500ms");
    Propagation propagation = new Propagation(delays, new Random(7));
    long last = 0;
    for (long now = 0; now < 20_000; now += 50) {
      long due = propagation.dueMs(now);
      assertThat(due).isGreaterThanOrEqualTo(last).isBetween(now + 500, now + 1_500);
      last = due;
    }
  }

  @Test
  void drawMillis_sameSeed_sameDelays() {
    DelayRange delays = DelayRange.parse("0ms..60s");
    assertThat(delays.drawMillis(new Random(3))).isEqualTo(delays.drawMillis(new Random(3)));
    assertThat(DelayRange.parse("2s").drawMillis(new Random())).isEqualTo(2_000);
  }
}
