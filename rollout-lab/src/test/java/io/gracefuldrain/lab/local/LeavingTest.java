package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeavingTest {
  private static final Endpoint OLD = new Endpoint("old", 1, true, true);
  private static final Endpoint NEW = new Endpoint("new", 2, true, false);

  @Test
  void among_hasLeft_isUsedUntilTheLagIsOver() {
    Leaving leaving = new Leaving(100);
    assertThat(leaving.among(List.of(OLD, NEW), List.of(NEW), 1_000)).containsExactly(OLD);
    assertThat(leaving.among(List.of(OLD, NEW), List.of(NEW), 1_099)).containsExactly(OLD);
    assertThat(leaving.among(List.of(OLD, NEW), List.of(NEW), 1_100)).isEmpty();
  }

  @Test
  void among_cameBack_startsAnew() {
    Leaving leaving = new Leaving(100);
    leaving.among(List.of(OLD), List.of(), 1_000);
    assertThat(leaving.among(List.of(OLD), List.of(OLD), 1_050)).isEmpty();
    assertThat(leaving.among(List.of(OLD), List.of(), 1_120)).containsExactly(OLD);
  }

  @Test
  void among_noLag_keepsNothing() {
    assertThat(new Leaving(0).among(List.of(OLD, NEW), List.of(NEW), 1_000)).isEmpty();
  }
}
