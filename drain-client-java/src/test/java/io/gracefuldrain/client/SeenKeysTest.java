package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SeenKeysTest {
  private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(Bounds.ID_KEPT_MS);

  private final SeenKeys seen = new SeenKeys();
  private long now = Long.MAX_VALUE - 5; // the clock may wrap around
  private boolean moving;

  private boolean add(String connection, String event, String id) {
    return seen.add(connection, event, id, now, moving);
  }

  @Test
  void add_broughtByAnotherConnection_isRefusedAsOftenAsThatOneHasBroughtIt() {
    assertThat(add("old", "news", "1")).isTrue();
    assertThat(add("old", "news", "1")).isTrue();

    assertThat(add("next", "news", "1")).isFalse();
    assertThat(add("next", "news", "1")).isFalse();
    assertThat(add("next", "news", "1")).isTrue();
  }

  @Test
  void add_againBySameConnection_isFresh() {
    assertThat(add("old", "news", "1")).isTrue();
    assertThat(add("next", "news", "1")).isFalse();
    assertThat(add("next", "news", "1")).isTrue(); // its history
    assertThat(add("old", "news", "1")).isFalse();
  }

  @Test
  void add_sameIdOfAnotherEvent_isFresh() {
    assertThat(add("old", "news", "1")).isTrue();
    assertThat(add("next", "news:edited", "1")).isTrue();
  }

  @Test
  void add_lastOf1024_isStillKnown() {
    for (int i = 0; i < Bounds.IDS_KEPT; i++) {
      assertThat(add("old", "news", "id-" + i)).isTrue();
    }

    assertThat(add("next", "news", "id-0")).isFalse();
  }

  @Test
  void add_oneMore_forgetsTheOldestAlone() {
    for (int i = 0; i <= Bounds.IDS_KEPT; i++) {
      add("old", "news", "id-" + i);
    }

    assertThat(add("next", "news", "id-1")).isFalse();
    assertThat(add("next", "news", "id-0")).isTrue();
  }

  @Test
  void add_longAfterward_isFreshAgainOutsideOfMoves() {
    add("old", "typing", "bob");
    now += KEPT_NANOS - 1;
    assertThat(add("next", "typing", "bob")).isFalse();
    now += 1;

    assertThat(add("third", "typing", "bob")).isTrue();
  }

  @Test
  void add_longAfterwardInAMove_isStillKnown() {
    moving = true;
    add("old", "news", "1");
    now += 2 * KEPT_NANOS;

    assertThat(add("next", "news", "1")).isFalse();
  }

  @Test
  void forgetOld_whatCameLongBeforeTheMove_isFresh() {
    add("old", "typing", "bob");
    now += KEPT_NANOS - 1;
    add("old", "news", "1");
    now += 1;

    seen.forgetOld(now);
    moving = true;

    assertThat(add("next", "typing", "bob")).isTrue();
    assertThat(add("next", "news", "1")).isFalse();
  }

  @Test
  void add_usedAgain_isNotTheOldest() {
    add("old", "news", "id-0");
    add("old", "news", "id-1");
    add("old", "news", "id-0");
    for (int i = 2; i <= Bounds.IDS_KEPT; i++) {
      add("old", "news", "id-" + i);
    }

    assertThat(add("next", "news", "id-0")).isFalse();
    assertThat(add("next", "news", "id-1")).isTrue();
  }
}
