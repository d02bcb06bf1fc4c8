package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.FeedBytes;
import io.gracefuldrain.lab.FeedEvents;
import org.junit.jupiter.api.Test;

/** The crowd and its service share no code, but use the same names. */
class FeedEventsTest {
  @Test
  void names_areTheServers() {
    assertThat(FeedEvents.WHO_AM_I).isEqualTo(Events.WHO_AM_I);
    assertThat(FeedEvents.FEED).isEqualTo(Events.FEED);
    assertThat(FeedEvents.UP).isEqualTo(Events.UP);
    assertThat(FeedEvents.ORDER).isEqualTo(Events.ORDER);
    assertThat(FeedEvents.FEED_MS).isEqualTo(Events.FEED_MS);
    assertThat(FeedEvents.POST).isEqualTo(Events.POST);
    assertThat(FeedEvents.BYTES).isEqualTo(Events.BYTES);
  }

  @Test
  void bytesOfANumber_areTheServers() {
    assertThat(FeedBytes.of(77)).isEqualTo(Events.bytes(77));
  }

  @Test
  void limitsOfTheInterval_areTheServers() {
    assertThat(FeedEvents.FEED_MS_MIN).isEqualTo(Events.FEED_MS_MIN);
    assertThat(FeedEvents.FEED_MS_MAX).isEqualTo(Events.FEED_MS_MAX);
  }
}
