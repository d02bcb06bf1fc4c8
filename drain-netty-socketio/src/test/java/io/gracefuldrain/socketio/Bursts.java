package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Pacing;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Clients that are let go with hundreds of unacknowledged uploads on their way. */
final class Bursts {
  static final int UPLOADS = 200;

  /** netty-socketio's limit: acknowledgements and the feed must fit into the answer of one poll. */
  private static final int DISPATCHED_TO_A_POLLER = 15;

  private Bursts() {}

  /**
   * Drains the pod that has the crowd. In every other round, the whole burst waits unread while its
   * client is sealed, and 200 events (20 to a poller) are queued at that moment. In the other
   * rounds the drain begins at a random moment of the burst.
   */
  static DrainReport drain(Rollout rollout, int round) throws Exception {
    if (round % 2 == 0) {
      LastWords lastWords = new LastWords(rollout.host());
      lastWords.prepare();
      rollout.burst(UPLOADS, UPLOADS);
      DrainReport report = rollout.bounce();
      lastWords.allSaid();
      return report;
    }
    rollout.burst(UPLOADS, DISPATCHED_TO_A_POLLER);
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(60));
    return rollout.bounce();
  }

  /** A pod that lets go of all clients at once, as soon as a drain begins. */
  static FeedServer.Builder atOnce(FeedServer.Builder pod) {
    return pod.policy(
        policy ->
            policy
                .withReadinessDelayMin(Duration.ZERO)
                .withReadinessDelayMax(Duration.ZERO)
                .withPacing(Pacing.atRate(100_000)));
  }

  /** Every dispatched upload was acknowledged, and every acknowledged one had been dispatched. */
  static void nothingAcknowledgedIsLost(KindResult result, int each, int rounds) {
    assertThat(result.count()).as("%s", result).isEqualTo(each);
    assertThat(result.disconnects()).as("%s", result).isEqualTo(each * rounds);
    assertThat(result.missing()).as("%s", result).isZero();
    assertThat(result.repeatedOrLate()).as("%s", result).isZero();
    assertThat(result.uploadsLost()).as("%s", result).isZero();
    assertThat(result.uploadsRepeated()).as("%s", result).isZero();
    assertThat(result.uploadsKept()).as("%s", result).isPositive(); // otherwise it was no burst
  }
}
