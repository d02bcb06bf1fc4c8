package io.gracefuldrain.lab.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AffinityTest {
  private static final String A = "127.0.0.1:3001";
  private static final String B = "127.0.0.1:3002";
  private static final long LIMIT = Duration.ofHours(3).toNanos();

  // Any: System.nanoTime() may be negative and may wrap.
  private final long now = new Random().nextLong();
  private final Affinity<String> affinity = new Affinity<>(Duration.ofHours(3));

  @Test
  void of_stranger_isNull() {
    assertThat(affinity.of(address(1), now)).isNull();
  }

  @Test
  void of_returning_isItsServer() {
    affinity.remember(address(1), A, now);
    affinity.remember(address(2), B, now);
    assertThat(affinity.of(address(1), now + LIMIT - 1)).isEqualTo(A);
    assertThat(affinity.of(address(2), now)).isEqualTo(B);
  }

  @Test
  void of_afterTheLimit_isForgotten() {
    affinity.remember(address(1), A, now);
    assertThat(affinity.of(address(1), now + LIMIT)).isNull();
  }

  @Test
  void remember_again_renews() {
    affinity.remember(address(1), A, now);
    affinity.remember(address(1), A, now + LIMIT / 2);
    assertThat(affinity.of(address(1), now + LIMIT)).isEqualTo(A);
  }

  @Test
  void remember_elsewhere_replaces() {
    affinity.remember(address(1), A, now);
    affinity.remember(address(1), B, now);
    assertThat(affinity.of(address(1), now)).isEqualTo(B);
  }

  @Test
  void remember_switchedOff_remembersNothing() {
    Affinity<String> off = new Affinity<>(Duration.ZERO);
    off.remember(address(1), A, now);
    assertThat(off.of(address(1), now)).isNull();
  }

  @Test
  void remember_tooMany_forgetsTheQuietest() {
    for (int i = 0; i < Affinity.LIMIT; i++) {
      affinity.remember(address(i), A, now);
    }
    affinity.of(address(0), now);
    affinity.remember(address(Affinity.LIMIT), A, now);
    assertThat(affinity.of(address(0), now)).isEqualTo(A);
    assertThat(affinity.of(address(1), now)).isNull();
  }

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
