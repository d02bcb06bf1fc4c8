package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenKeysTest {
  private final SeenKeys seen = new SeenKeys();

  @Test
  void add_broughtByAnotherConnection_isRefusedAsOftenAsThatOneHasBroughtIt() {
    assertThat(seen.add("old", "news", "1")).isTrue();
    assertThat(seen.add("old", "news", "1")).isTrue();

    assertThat(seen.add("next", "news", "1")).isFalse();
    assertThat(seen.add("next", "news", "1")).isFalse();
    assertThat(seen.add("next", "news", "1")).isTrue();
  }

  @Test
  void add_againBySameConnection_isFresh() {
    assertThat(seen.add("old", "news", "1")).isTrue();
    assertThat(seen.add("next", "news", "1")).isFalse();
    assertThat(seen.add("next", "news", "1")).isTrue(); // its history
    assertThat(seen.add("old", "news", "1")).isFalse();
  }

  @Test
  void add_sameIdOfAnotherEvent_isFresh() {
    assertThat(seen.add("old", "news", "1")).isTrue();
    assertThat(seen.add("next", "news:edited", "1")).isTrue();
  }

  @Test
  void add_lastOf1024_isStillKnown() {
    for (int i = 0; i < Bounds.IDS_KEPT; i++) {
      assertThat(seen.add("old", "news", "id-" + i)).isTrue();
    }

    assertThat(seen.add("next", "news", "id-0")).isFalse();
  }

  @Test
  void add_oneMore_forgetsTheOldestAlone() {
    for (int i = 0; i <= Bounds.IDS_KEPT; i++) {
      seen.add("old", "news", "id-" + i);
    }

    assertThat(seen.add("next", "news", "id-1")).isFalse();
    assertThat(seen.add("next", "news", "id-0")).isTrue();
  }
}
