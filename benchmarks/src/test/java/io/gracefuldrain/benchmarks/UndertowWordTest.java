package io.gracefuldrain.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The counter must behave as Undertow's does. */
class UndertowWordTest {
  private final UndertowWord word = new UndertowWord();

  @Test
  void tryEnter_afterShutdown_isRefused() {
    assertThat(word.tryEnter()).isTrue();
    word.shutdown();

    assertThat(word.tryEnter()).isFalse();
  }

  @Test
  void exit_ofTheLastAfterShutdown_empties() {
    word.tryEnter();
    word.tryEnter();
    word.shutdown();
    word.exit();
    assertThat(word.empty()).isFalse();

    word.exit();

    assertThat(word.empty()).isTrue();
  }

  @Test
  void exit_ofTheLastBeforeShutdown_doesNotEmpty() {
    word.tryEnter();

    word.exit();

    assertThat(word.empty()).isFalse();
  }

  @Test
  void shutdown_withNobodyInside_empties() {
    word.shutdown();

    assertThat(word.empty()).isTrue();
  }
}
