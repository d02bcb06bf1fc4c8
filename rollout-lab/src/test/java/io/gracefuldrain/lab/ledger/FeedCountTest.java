package io.gracefuldrain.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.ledger.FeedCount.Kind;
import org.junit.jupiter.api.Test;

class FeedCountTest {
  private final FeedCount feed = new FeedCount();

  @Test
  void take_eachNumberOnce_nothingIsMissing() {
    for (long n = 100; n < 200; n++) {
      assertThat(feed.take(n)).isEqualTo(Kind.NEW);
    }
    assertFigures(100, 0, 0, 0, 0);
  }

  @Test
  void take_numberSkippedOnOneConnection_isMissingConnected() {
    take(1, 2, 5);
    assertFigures(3, 2, 0, 0, 0);
  }

  @Test
  void take_numberSkippedWhereTheConnectionChanged_isMissingAway() {
    take(1, 2);
    feed.moved();
    take(5, 6, 8);
    assertFigures(5, 1, 2, 0, 0);
  }

  @Test
  void take_lateOnTheSameConnection_isReorderedAndNotMissing() {
    take(1, 2, 4);
    assertThat(feed.take(3)).isEqualTo(Kind.LATE);
    assertFigures(4, 0, 0, 0, 1);
  }

  @Test
  void take_lateOverTheNextConnection_isNotReordered() {
    take(1, 2, 4);
    feed.moved();
    assertThat(feed.take(3)).isEqualTo(Kind.LATE);
    take(5);
    assertFigures(5, 0, 0, 0, 0);
  }

  @Test
  void take_lateAfterAMove_isTakenOutOfAway() {
    take(1);
    feed.moved();
    take(4);
    assertThat(feed.take(2)).isEqualTo(Kind.LATE);
    assertFigures(3, 0, 1, 0, 1);
  }

  @Test
  void take_numberThatWasThere_isDuplicated() {
    take(1, 2);
    feed.moved();
    assertThat(feed.take(2)).isEqualTo(Kind.DUPLICATE);
    assertThat(feed.take(1)).isEqualTo(Kind.DUPLICATE);
    take(3);
    assertFigures(3, 0, 0, 2, 0);
  }

  @Test
  void take_beforeTheFirstEver_isDuplicated() {
    take(10);
    assertThat(feed.take(9)).isEqualTo(Kind.DUPLICATE);
  }

  @Test
  void take_laterThanMemory_countsAsDuplicateAndStaysMissing() {
    take(1, 3);
    take(3 + FeedCount.MEMORY);
    assertThat(feed.take(2)).isEqualTo(Kind.DUPLICATE);
    assertThat(feed.take(4)).isEqualTo(Kind.LATE);
    assertThat(feed.missingConnected()).isEqualTo(FeedCount.MEMORY - 1);
  }

  @Test
  void end_silentWhileConnected_isMissingConnected() {
    take(1, 2);
    feed.end(1, 5, false);
    assertFigures(2, 3, 0, 0, 0);
  }

  @Test
  void end_away_isMissingAway() {
    take(1, 2);
    feed.end(1, 5, true);
    assertFigures(2, 0, 3, 0, 0);
  }

  @Test
  void end_silentSinceTheMove_isMissingAway() {
    take(1, 2);
    feed.moved();
    feed.end(1, 5, false);
    assertFigures(2, 0, 3, 0, 0);
  }

  @Test
  void end_neverHeardAnything_countsFromTheFirstExpected() {
    feed.end(4, 9, false);
    assertFigures(0, 6, 0, 0, 0);
  }

  @Test
  void end_allHeard_nothingIsMissing() {
    take(1, 2, 3);
    feed.end(1, 2, false);
    assertFigures(3, 0, 0, 0, 0);
  }

  private void take(long... numbers) {
    for (long n : numbers) {
      assertThat(feed.take(n)).isEqualTo(Kind.NEW);
    }
  }

  private void assertFigures(
      long received, long connected, long away, long duplicated, long reordered) {
    assertThat(
            new long[] {
              feed.received(),
              feed.missingConnected(),
              feed.missingAway(),
              feed.duplicated(),
              feed.reordered()
            })
        .as("received, missing connected, missing away, duplicated, reordered")
        .containsExactly(received, connected, away, duplicated, reordered);
  }
}
