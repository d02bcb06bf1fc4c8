package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Opened;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pod that has started asks itself, in a time that passes only when told. */
@Timeout(60)
class WarmUpIT {
  private final Opened opened = new Opened();
  private final AtomicLong nanos = new AtomicLong();
  private final Time time =
      new Time() {
        @Override
        public long nanos() {
          return nanos.get();
        }

        @Override
        public long millis() {
          return System.currentTimeMillis(); // as the desk that answers
        }
      };
  private final DrainCoordinator pod = opened.add(DrainCoordinator.create(TestPod.policy("pod-a")));

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  private void warmUpAt(ForeignPod address) throws Exception {
    DrainEndpoints.of(pod).servedOn(address.port(), "");
    Live live = new Live(pod, time, Duration.ofSeconds(1));
    live.warmUp().toCompletableFuture().get(50, TimeUnit.SECONDS);
  }

  @Test
  void warmUp_ofAQuickPod_asks250Times_andCountsNothing() throws Exception {
    DrainHttpServer server =
        opened.add(
            DrainHttpServer.start(
                DrainEndpoints.of(pod),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    ForeignPod proxy = opened.add(ForeignPod.before(server.port(), Set.of()));
    warmUpAt(proxy);
    assertThat(proxy.connections()).isEqualTo(250);
    assertThat(pod.totals().handedOver().refused()).isEmpty();
    assertThat(pod.totals().fetched().values()).allMatch(timing -> timing.count() == 0);
  }

  /** A pod with a fifth of a processor has its first clients to serve. */
  @Test
  void warmUp_ofASlowPod_endsAfterTwoSeconds() throws Exception {
    byte[] unknown =
        "HTTP/1.1 404 Not Found\r\n\r\n{\"reason\":\"unknown\"}"
            .getBytes(StandardCharsets.US_ASCII);
    ForeignPod slow =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  nanos.addAndGet(Duration.ofMillis(500).toNanos());
                  socket.getOutputStream().write(unknown);
                }));
    warmUpAt(slow);
    assertThat(slow.connections()).isEqualTo(4);
  }

  @Test
  void warmUp_atAnAddressThatAnswersSomethingElse_endsAtOnce() throws Exception {
    ForeignPod other = opened.add(ForeignPod.answering("HTTP/1.1 404 Not Found\r\n\r\n"));
    warmUpAt(other);
    assertThat(other.connections()).isEqualTo(1);
  }
}
