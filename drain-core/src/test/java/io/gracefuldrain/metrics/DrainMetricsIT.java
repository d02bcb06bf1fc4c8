package io.gracefuldrain.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.StayingConnection;
import io.gracefuldrain.testing.Await;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A coordinator that drains, seen through Prometheus. */
final class DrainMetricsIT {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** A connection that goes when it is let go. */
  private static final class Leaving extends StayingConnection {
    private final CompletableFuture<ConnectionHandle> handle = new CompletableFuture<>();

    Leaving() {
      super("leaving");
    }

    @Override
    public void close(CloseManner manner, Duration within) {
      var unused = handle.thenAccept(known -> known.left(Departure.SILENT));
    }
  }

  @Test
  void scrape_aroundADrain_followsIt() throws Exception {
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withReadinessDelayMin(Duration.ZERO)
            .withReadinessDelayMax(Duration.ofMillis(100))
            .withHintGrace(Duration.ofMillis(50))
            .withMoveWindow(Duration.ofMillis(200))
            .withGracePeriod(Duration.ofSeconds(5))
            .withBudgetCheck(DrainPolicy.BudgetCheck.WARN)
            .withTerminationLog("");
    try (DrainCoordinator coordinator = DrainCoordinator.create(policy)) {
      new DrainMetrics(coordinator, Tags.of("server", "chat")).bindTo(registry);
      coordinator.started();
      Leaving connection = new Leaving();
      connection.handle.complete(coordinator.register(connection));

      assertThat(registry.scrape())
          .contains("drain_phase{phase=\"SERVING\",server=\"chat\"} 1")
          .contains("drain_connections{server=\"chat\"} 1")
          .contains("drain_handshakes_refused_total{server=\"chat\"} 0")
          .contains("drain_feasible{server=\"chat\"} 0");

      coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture().get(20, TimeUnit.SECONDS);
      coordinator.admit(null);
      String line = "drain_phase{phase=\"DRAINED\",server=\"chat\"} 1";
      Await.until(
          () -> registry.scrape().contains(line)); // the last scrape's report is kept a moment
      String scrape = registry.scrape();

      assertThat(scrape)
          .contains(line)
          .contains("drain_phase{phase=\"SERVING\",server=\"chat\"} 0")
          .contains("drain_connections{server=\"chat\"} 0")
          .contains("drain_connections_ended_total{outcome=\"CLOSED\",server=\"chat\"} 1")
          .contains("drain_handshakes_refused_total{server=\"chat\"} 1")
          .contains("drain_triggers_total{reason=\"MANUAL\",server=\"chat\"} 1")
          .contains("drain_move_seconds_count{server=\"chat\"} 1")
          .contains("drain_slot_error_seconds_count{server=\"chat\"} 1")
          .containsPattern(
              "drain_phase_duration_seconds\\{phase=\"UNREADY\",server=\"chat\"} [0-9.]*[1-9]")
          .containsPattern("drain_move_max_seconds\\{server=\"chat\"} [0-9.E-]*[1-9]");
    }
  }
}
