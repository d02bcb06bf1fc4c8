package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which numbers are copies. */
class SeenTest {
  private final Object one = new Object();
  private final Object other = new Object();
  private final Seen seen = new Seen();

  @Test
  void number_againOverOneConnection_isNoCopy() {
    assertThat(seen.add(1, one)).isTrue();
    assertThat(seen.add(1, one)).isTrue();
  }

  @Test
  void number_overTheOther_isACopyAsOftenAsTheFirstHasBroughtIt() {
    seen.add(1, one);
    seen.add(1, one);
    assertThat(seen.add(1, other)).isFalse();
    assertThat(seen.add(1, other)).isFalse();
    assertThat(seen.add(1, other)).isTrue();
    assertThat(seen.add(1, one)).isFalse();
    assertThat(seen.add(1, one)).isTrue();
  }

  @Test
  void numbers_beyondTheLast_areForgotten() {
    for (long n = 0; n <= Seen.IDS_KEPT; n++) {
      seen.add(n, one);
    }
    assertThat(seen.add(1, other)).isFalse();
    assertThat(seen.add(0, other)).isTrue();
  }

  @Test
  void numbers_afterAStockReconnect_areNew() {
    seen.add(1, one);
    seen.clear();
    assertThat(seen.add(1, other)).isTrue();
  }
}
