package io.gracefuldrain.signal;

import static io.gracefuldrain.signal.Arrivals.FORCE_AFTER;
import static io.gracefuldrain.signal.ExitSignal.SIGINT;
import static io.gracefuldrain.signal.ExitSignal.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.signal.Arrivals.Meaning;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
  /** Any time may be now, also one just before the clock turns negative. */
  private final long now =
      ThreadLocalRandom.current().nextBoolean()
          ? ThreadLocalRandom.current().nextLong()
          : Long.MAX_VALUE - FORCE_AFTER / 2;

  private final Arrivals arrivals = new Arrivals();

  @Test
  void arrived_first_begins() {
    assertThat(arrivals.arrived(SIGTERM, now)).isEqualTo(Meaning.BEGINS);
  }

  @Test
  void arrived_otherKind_joins() {
    arrivals.arrived(SIGINT, now);
    assertThat(arrivals.arrived(SIGTERM, now + 10 * FORCE_AFTER)).isEqualTo(Meaning.JOINS);
  }

  @Test
  void arrived_sigtermAgain_repeatsHoweverLate() {
    arrivals.arrived(SIGTERM, now);
    assertThat(arrivals.arrived(SIGTERM, now + FORCE_AFTER)).isEqualTo(Meaning.REPEATS);
    assertThat(arrivals.arrived(SIGTERM, now + 5 * FORCE_AFTER)).isEqualTo(Meaning.REPEATS_AGAIN);
  }

  @Test
  void arrived_sigintAgainWithinASecond_repeats() {
    arrivals.arrived(SIGINT, now);
    assertThat(arrivals.arrived(SIGINT, now)).isEqualTo(Meaning.REPEATS);
    assertThat(arrivals.arrived(SIGINT, now + FORCE_AFTER - 1)).isEqualTo(Meaning.REPEATS_AGAIN);
  }

  @Test
  void arrived_sigintASecondAfterTheFirst_forcesOnce() {
    arrivals.arrived(SIGINT, now);
    arrivals.arrived(SIGINT, now + FORCE_AFTER - 1);
    assertThat(arrivals.arrived(SIGINT, now + FORCE_AFTER)).isEqualTo(Meaning.FORCES);
    assertThat(arrivals.arrived(SIGINT, now + 3 * FORCE_AFTER)).isEqualTo(Meaning.REPEATS_AGAIN);
  }

  @Test
  void arrived_sigintAfterSigterm_countsFromTheFirstSigint() {
    arrivals.arrived(SIGTERM, now);
    long later = now + 3 * FORCE_AFTER;
    assertThat(arrivals.arrived(SIGINT, later)).isEqualTo(Meaning.JOINS);
    assertThat(arrivals.arrived(SIGINT, later + FORCE_AFTER - 1)).isEqualTo(Meaning.REPEATS);
    assertThat(arrivals.arrived(SIGINT, later + FORCE_AFTER)).isEqualTo(Meaning.FORCES);
  }

  @Test
  void arrived_repetitions_areToldOncePerKind() {
    arrivals.arrived(SIGTERM, now);
    arrivals.arrived(SIGINT, now);
    assertThat(arrivals.arrived(SIGINT, now)).isEqualTo(Meaning.REPEATS);
    assertThat(arrivals.arrived(SIGTERM, now)).isEqualTo(Meaning.REPEATS);
    assertThat(arrivals.arrived(SIGTERM, now)).isEqualTo(Meaning.REPEATS_AGAIN);
  }
}
