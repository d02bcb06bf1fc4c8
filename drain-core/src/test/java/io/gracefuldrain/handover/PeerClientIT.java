package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.testing.Opened;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many pods are asked at the same time. */
@Timeout(60)
class PeerClientIT {
  private static final long LONG = TimeUnit.SECONDS.toNanos(30);

  private final Opened opened = new Opened();
  private final PeerClient client =
      new PeerClient(
          DrainPolicy.defaults().withPeers("127.0.0.0/8"), Time.SYSTEM, Duration.ofMillis(500));

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  private CompletableFuture<byte[]> ask(ForeignPod pod, PeerClient.Manner manner) {
    PodToken token =
        new PodToken(InetAddress.getLoopbackAddress(), pod.port(), "", "process", "alice", 0);
    return client.ask(token, "/path", Map.of(), (body, mark) -> true, manner, LONG);
  }

  /** They wait for the disconnect listeners of the old pod, which may take their time. */
  @Test
  void session_whileThousandsOfOthersAreSaidToHaveLanded_isFetchedAllTheSame() throws Exception {
    ForeignPod silent = opened.add(ForeignPod.silent());
    for (int i = 0; i < 3_000; i++) {
      assertThat(ask(silent, PeerClient.Manner.NOTE)).isNotDone();
    }
    ForeignPod quick =
        opened.add(
            ForeignPod.answering(
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nDrain-Mac: m\r\n\r\naGVs"));
    assertThat(ask(quick, PeerClient.Manner.ASK).get(20, TimeUnit.SECONDS))
        .isEqualTo(new byte[] {'h', 'e', 'l'});
  }
}
