package io.gracefuldrain.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PostsTest {
  private final Posts posts = new Posts(100);

  @Test
  void take_beforeTheFirstConnection_isEmpty() {
    assertThat(posts.take(1_000_000)).isEmpty();
  }

  @Test
  void take_late_hasAllThatWereDue() {
    posts.begin(1_000);
    posts.begin(5_000);
    assertThat(posts.take(1_000)).containsExactly(1L);
    assertThat(posts.take(1_099)).isEmpty();
    assertThat(posts.take(1_305)).containsExactly(2L, 3L, 4L);
    assertThat(posts.posted()).isEqualTo(4);
  }

  @Test
  void take_afterTheEnd_hasWhatWasDueBefore() {
    posts.begin(1_000);
    posts.end(1_150);
    assertThat(posts.take(9_000)).containsExactly(1L, 2L);
  }
}
