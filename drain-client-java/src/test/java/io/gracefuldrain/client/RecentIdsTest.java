package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentIdsTest {
  private final RecentIds ids = new RecentIds();

  @Test
  void add_knownId_isRefused() {
    assertThat(ids.add("a")).isTrue();
    assertThat(ids.add("b")).isTrue();
    assertThat(ids.add("a")).isFalse();
  }

  @Test
  void add_lastOf1024_isStillKnown() {
    for (int i = 0; i < Bounds.IDS_KEPT; i++) {
      assertThat(ids.add("id-" + i)).isTrue();
    }

    assertThat(ids.add("id-0")).isFalse();
  }

  @Test
  void add_oneMore_forgetsTheOldestAlone() {
    for (int i = 0; i <= Bounds.IDS_KEPT; i++) {
      ids.add("id-" + i);
    }

    assertThat(ids.add("id-1")).isFalse();
    assertThat(ids.add("id-0")).isTrue();
  }
}
