package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.lab.local.Scaling.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingTest {
  private final Scaling careful = new Scaling(2, 1, 0);

  @Test
  void next_nothingThere_allReplicasAtOnce() {
    assertThat(new Scaling(3, 1, 0).next(List.of()).create()).isEqualTo(3);
  }

  @Test
  void next_newGeneration_asManyAsTheSurge() {
    Scaling.Step step = careful.next(List.of(old("a", 0), old("b", 1)));
    assertThat(step.create()).isEqualTo(1);
    assertThat(step.delete()).isEmpty();
  }

  @Test
  void next_newPodNotAvailable_waits() {
    assertThat(careful.next(List.of(old("a", 0), old("b", 1), starting("c"))).nothing()).isTrue();
  }

  @Test
  void next_newPodAvailable_oneOldGoesTheYoungest() {
    Scaling.Step step = careful.next(List.of(old("a", 0), old("b", 1), current("c")));
    assertThat(step.create()).isZero();
    assertThat(step.delete()).containsExactly("b");
  }

  @Test
  void next_oldPodTerminating_doesNotCountSoTheNextIsCreated() {
    // The terminating pod is not among them.
    Scaling.Step step = careful.next(List.of(old("a", 0), current("c")));
    assertThat(step.create()).isEqualTo(1);
    assertThat(step.delete()).isEmpty();
  }

  @Test
  void next_wholeSurge_asManyGoAsHaveCome() {
    Scaling whole = new Scaling(2, 2, 0);
    assertThat(whole.next(List.of(old("a", 0), old("b", 1))).create()).isEqualTo(2);
    assertThat(whole.next(List.of(old("a", 0), old("b", 1), current("c"), starting("d"))).delete())
        .containsExactly("b");
    assertThat(whole.next(List.of(old("a", 0), old("b", 1), current("c"), current("d"))).delete())
        .containsExactly("b", "a");
  }

  @Test
  void next_someMayBeUnavailable_theyGoAtOnce() {
    Scaling hasty = new Scaling(2, 0, 1);
    assertThat(hasty.next(List.of(old("a", 0), old("b", 1))).delete()).containsExactly("b");
    assertThat(hasty.next(List.of(old("a", 0))).create()).isEqualTo(1);
    assertThat(hasty.next(List.of(old("a", 0), starting("c"))).nothing()).isTrue();
  }

  @Test
  void next_oldPodUnavailable_goesFirstAndCostsNothing() {
    Member broken = new Member("b", false, false, 1);
    assertThat(careful.next(List.of(old("a", 0), broken, current("c"))).delete())
        .containsExactly("b");
  }

  @Test
  void complete_allNewAndAvailable_only() {
    assertThat(careful.complete(List.of(current("c"), current("d")))).isTrue();
    assertThat(careful.complete(List.of(current("c"), starting("d")))).isFalse();
    assertThat(careful.complete(List.of(current("c"), old("a", 0)))).isFalse();
    assertThat(careful.complete(List.of(current("c")))).isFalse();
  }

  @Test
  void scaling_thatCouldNotGoOn_isNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scaling(2, 0, 0))
        .withMessageContaining("maxSurge and maxUnavailable: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scaling(0, 1, 0))
        .withMessageContaining("replicas: 0");
  }

  private static Member old(String name, int order) {
    return new Member(name, false, true, order);
  }

  private static Member current(String name) {
    return new Member(name, true, true, 10);
  }

  private static Member starting(String name) {
    return new Member(name, true, false, 11);
  }
}
