package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a session that is kept says last. */
final class KeeperTest {
  /** From its second move on a client has nothing else that says where its session is. */
  @Test
  void lastWord_isGoodForAsLongAsASessionMayWait() {
    DrainPolicy slow =
        DrainPolicy.defaults()
            .withReadinessDelayMax(Duration.ofSeconds(10))
            .withMoveWindow(Duration.ofMinutes(10))
            .withSettleGrace(Duration.ofSeconds(20))
            .withGracePeriod(Duration.ofMinutes(15));

    assertThat(Keeper.longestWait(slow))
        .as("let go in the first second, and the drain is recalled in its last one")
        .isGreaterThan(Duration.ofMinutes(10).plusSeconds(20 + 20));
  }
}
