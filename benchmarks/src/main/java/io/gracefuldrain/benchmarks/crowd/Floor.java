package io.gracefuldrain.benchmarks.crowd;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import io.gracefuldrain.VirtualTime;
import io.gracefuldrain.lab.lean.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The least peak that the clients' own back-off allows: the same drain played in virtual time,
 * where nothing takes any time but the back-off.
 *
 * @param clients how many there are
 * @param plays how often it was played, with other random numbers
 * @param median of the peaks over the mean
 * @param least of them
 * @param most of them
 */
record Floor(int clients, int plays, double median, double least, double most) {
  /** Plays it. */
  static Floor of(int clients, Duration window, int plays) {
    double[] peaks = new double[plays];
    for (int play = 0; play < plays; play++) {
      int[] curve = new Play(clients, window, play).arrivals();
      peaks[play] = Figures.peakOverMean(curve, clients, window);
    }
    Arrays.sort(peaks);
    return new Floor(
        clients,
        plays,
        Figures.rounded(Figures.quantile(peaks, 0.5)),
        Figures.rounded(peaks[0]),
        Figures.rounded(peaks[plays - 1]));
  }

  private static final class Play {
    private final VirtualTime time = new VirtualTime();
    private final DrainCoordinator coordinator;
    private final SplittableRandom random;
    private final List<Long> arrivals = new ArrayList<>();
    private final int clients;
    private long firstCut = -1;

    Play(int clients, Duration window, long seed) {
      this.clients = clients;
      random = new SplittableRandom(seed);
      DrainPolicy policy = GracefulDrain.policy(window).withPod("pod");
      coordinator = time.coordinator(policy);
      coordinator.started();
      for (int i = 0; i < clients; i++) {
        String id = "client-" + i;
        var unused = coordinator.register(handle -> new Client(id, handle));
      }
    }

    int[] arrivals() {
      coordinator.drain(DrainReason.MANUAL);
      while (coordinator.phase() != DrainPhase.DRAINED || arrivals.size() < clients) {
        if (!time.next()) {
          throw new IllegalStateException(
              "play: %s of %s came (expected: all)".formatted(arrivals.size(), clients));
        }
      }
      coordinator.close();
      return Figures.curve(arrivals, firstCut);
    }

    private void cut(ConnectionHandle handle) {
      long now = time.nanos();
      firstCut = firstCut < 0 ? now : firstCut;
      long wait = new BackOff(random::nextDouble).nextMs();
      arrivals.add(now + TimeUnit.MILLISECONDS.toNanos(wait));
      time.runAfter(0, () -> handle.left(Departure.SILENT));
    }

    private final class Client implements DrainableConnection {
      private final String id;
      private final ConnectionHandle handle;
      private boolean closing;

      Client(String id, ConnectionHandle handle) {
        this.id = id;
        this.handle = handle;
      }

      @Override
      public String id() {
        return id;
      }

      @Override
      public String transport() {
        return "websocket";
      }

      @Override
      public boolean aware() {
        return false;
      }

      @Override
      public void hint(ReconnectHint hint) {
        throw new UnsupportedOperationException("hint: nobody is aware here");
      }

      @Override
      public void close(CloseManner manner, Duration within) {
        if (!closing) {
          closing = true;
          cut(handle);
        }
      }
    }
  }
}
