package io.gracefuldrain.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.DrainReport.OldestWork;
import io.gracefuldrain.DrainReport.Spread;
import io.gracefuldrain.DrainTotals;
import io.gracefuldrain.DrainTotals.Timing;
import io.gracefuldrain.HandOverCounts;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.Logged;
import io.gracefuldrain.Outcome;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DrainMetricsTest {
  private static final HandOverCounts NOTHING =
      new HandOverCounts(0, 0, 0, 0, Map.of(), 0, 0, Map.of());

  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

  private int reportsTaken;
  private DrainReport report =
      report(DrainPhase.MOVING, new OldestWork("c1", "order", Duration.ofMillis(1_500)));
  private DrainTotals totals =
      new DrainTotals(
          Map.of(Outcome.LANDED, 7L, Outcome.FORCED, 2L),
          11,
          Map.of(DrainReason.SIGTERM, 1L, DrainReason.MANUAL, 3L),
          new Timing(9, Duration.ofSeconds(4).toNanos(), Duration.ofMillis(900).toNanos()),
          new Timing(8, Duration.ofSeconds(2).toNanos(), Duration.ofMillis(700).toNanos()),
          5,
          0,
          0,
          NOTHING,
          Map.of());

  private DrainMetrics metrics(boolean feasible, Iterable<Tag> tags) {
    return new DrainMetrics(
        () -> {
          reportsTaken++;
          return report;
        },
        () -> totals,
        feasible,
        tags);
  }

  private static DrainReport report(DrainPhase phase, @Nullable OldestWork oldest) {
    Spread none = new Spread(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    return new DrainReport(
        "pod",
        "generation",
        "process",
        1,
        phase,
        false,
        List.of(DrainReason.SIGTERM),
        List.of(),
        Instant.EPOCH,
        Duration.ofSeconds(6),
        Map.of(DrainPhase.UNREADY, Duration.ofSeconds(5), DrainPhase.MOVING, Duration.ofSeconds(1)),
        42,
        50,
        0,
        42,
        Map.of(Outcome.LANDED, 8),
        13,
        0,
        0,
        oldest,
        0,
        0,
        false,
        Duration.ofMillis(14_250),
        none,
        none,
        new DrainReport.Loop(false, 0, 0),
        0,
        0,
        List.of(),
        null,
        List.of());
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private double timeGauge(String name, String... tags) {
    return registry.get(name).tags(tags).timeGauge().value(TimeUnit.SECONDS);
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  @ParameterizedTest
  @EnumSource
  void phase_each_isOneForItAloneAndZeroForTheOthers(DrainPhase phase) {
    report = report(phase, null);
    metrics(true, List.of()).bindTo(registry);

    for (DrainPhase other : DrainPhase.values()) {
      assertThat(gauge("drain.phase", "phase", other.name())).isEqualTo(other == phase ? 1 : 0);
    }
  }

  @Test
  void gauges_draining_tellWhatTheReportSays() {
    metrics(true, List.of()).bindTo(registry);

    assertThat(gauge("drain.connections")).isEqualTo(42);
    assertThat(gauge("drain.work.leases")).isEqualTo(13);
    assertThat(gauge("drain.feasible")).isEqualTo(1);
    assertThat(timeGauge("drain.work.oldest")).isEqualTo(1.5);
    assertThat(timeGauge("drain.budget.remaining")).isEqualTo(14.25);
    assertThat(timeGauge("drain.phase.duration", "phase", "UNREADY")).isEqualTo(5);
    assertThat(timeGauge("drain.phase.duration", "phase", "MOVING")).isEqualTo(1);
    assertThat(timeGauge("drain.phase.duration", "phase", "SETTLING")).isZero();
    assertThat(timeGauge("drain.phase.duration", "phase", "FORCING")).isZero();
  }

  @Test
  void workOldest_noWork_isZero() {
    report = report(DrainPhase.SERVING, null);
    metrics(true, List.of()).bindTo(registry);

    assertThat(timeGauge("drain.work.oldest")).isZero();
  }

  @Test
  void feasible_overBudget_isZero() {
    metrics(false, List.of()).bindTo(registry);

    assertThat(gauge("drain.feasible")).isZero();
  }

  @Test
  void counters_totals_tellEachWord() {
    metrics(true, List.of()).bindTo(registry);

    assertThat(count("drain.connections.ended", "outcome", "LANDED")).isEqualTo(7);
    assertThat(count("drain.connections.ended", "outcome", "FORCED")).isEqualTo(2);
    assertThat(count("drain.connections.ended", "outcome", "LOST")).isZero();
    assertThat(count("drain.triggers", "reason", "SIGTERM")).isEqualTo(1);
    assertThat(count("drain.triggers", "reason", "MANUAL")).isEqualTo(3);
    assertThat(count("drain.triggers", "reason", "SHUTDOWN")).isZero();
    assertThat(count("drain.handshakes.refused")).isEqualTo(11);
    assertThat(count("drain.compressed")).isEqualTo(5);
    for (Outcome outcome : Outcome.values()) {
      assertThat(registry.get("drain.connections.ended").tags("outcome", outcome.name()).meter())
          .isNotNull();
    }
    for (DrainReason reason : DrainReason.values()) {
      assertThat(registry.get("drain.triggers").tags("reason", reason.name()).meter()).isNotNull();
    }
  }

  @Test
  void timers_totals_tellCountTotalAndMax() {
    metrics(true, List.of()).bindTo(registry);

    FunctionTimer move = registry.get("drain.move").functionTimer();
    assertThat(move.count()).isEqualTo(9);
    assertThat(move.totalTime(TimeUnit.SECONDS)).isCloseTo(4, within(1e-9));
    assertThat(timeGauge("drain.move.max")).isCloseTo(0.9, within(1e-9));
    FunctionTimer slotError = registry.get("drain.slot.error").functionTimer();
    assertThat(slotError.count()).isEqualTo(8);
    assertThat(slotError.totalTime(TimeUnit.SECONDS)).isCloseTo(2, within(1e-9));
    assertThat(timeGauge("drain.slot.error.max")).isCloseTo(0.7, within(1e-9));
  }

  @Test
  void scrape_allMeters_takesOneReport() {
    metrics(true, List.of()).bindTo(registry);
    readAll();
    assertThat(reportsTaken).isEqualTo(1);

    clock.add(Snapshot.KEPT.minusNanos(1));
    readAll();
    assertThat(reportsTaken).isEqualTo(1);

    clock.add(Duration.ofNanos(1));
    report = report(DrainPhase.DRAINED, null);
    readAll();
    assertThat(reportsTaken).isEqualTo(2);
    assertThat(gauge("drain.phase", "phase", "DRAINED")).isEqualTo(1);
  }

  private void readAll() {
    for (Meter meter : registry.getMeters()) {
      meter.measure().forEach(measurement -> assertThat(measurement.getValue()).isNotNaN());
    }
  }

  @Test
  void bindTo_binderIsGarbage_metersGoOn() {
    metrics(true, List.of()).bindTo(registry);
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    while (garbage.get() != null) {
      System.gc(); // objects that are only weakly reachable are gone with it
    }
    totals =
        new DrainTotals(
            Map.of(Outcome.LANDED, 8L),
            12,
            Map.of(),
            new Timing(10, 0, 0),
            new Timing(0, 0, 0),
            5,
            0,
            0,
            NOTHING,
            Map.of());

    assertThat(count("drain.connections.ended", "outcome", "LANDED")).isEqualTo(8);
    assertThat(registry.get("drain.move").functionTimer().count()).isEqualTo(10);
    assertThat(gauge("drain.connections")).isEqualTo(42);
  }

  @Test
  void close_afterARestart_letsTheNextCoordinatorBeSeen() {
    DrainMetrics first = metrics(true, List.of());
    first.bindTo(registry);
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    first.bindTo(other);
    registry.counter("of.the.application");

    first.close();
    first.close();

    assertThat(registry.getMeters()).hasSize(1);
    assertThat(other.getMeters()).isEmpty();
    new DrainMetrics(() -> report, () -> totals, false, List.of()).bindTo(registry);
    assertThat(gauge("drain.feasible")).isZero();
  }

  @Test
  void bindTo_metersThatAreThere_leavesThemAndWarns() {
    DrainMetrics first = metrics(true, List.of());
    first.bindTo(registry);
    DrainMetrics second = metrics(false, List.of());
    try (Logged log = new Logged(DrainMetrics.class)) {
      metrics(true, Tags.of("server", "other")).bindTo(registry);
      assertThat(log.lines()).isEmpty();

      second.bindTo(registry);

      assertThat(log.lines()).singleElement().asString().startsWith("DRAIN-049 ");
    }
    second.close();
    assertThat(gauge("drain.feasible")).as("of the first").isEqualTo(1);
  }

  @Test
  void bindTo_tags_areOnEveryMeter() {
    metrics(true, Tags.of("server", "chat")).bindTo(registry);

    assertThat(registry.getMeters())
        .isNotEmpty()
        .allMatch(meter -> "chat".equals(meter.getId().getTag("server")));
  }

  @Test
  void bindTo_twoWithATag_areKeptApart() {
    metrics(true, Tags.of("server", "a")).bindTo(registry);
    report = report(DrainPhase.SERVING, null);
    metrics(false, Tags.of("server", "b")).bindTo(registry);

    assertThat(gauge("drain.feasible", "server", "a")).isEqualTo(1);
    assertThat(gauge("drain.feasible", "server", "b")).isZero();
  }

  @Test
  void tags_anyMeter_areWordsOfTheLibrary() {
    metrics(true, List.of()).bindTo(registry);

    Set<String> words = new TreeSet<>();
    for (DrainPhase phase : DrainPhase.values()) {
      words.add(phase.name());
    }
    for (DrainReason reason : DrainReason.values()) {
      words.add(reason.name());
    }
    for (Outcome outcome : Outcome.values()) {
      words.add(outcome.name());
    }
    assertThat(registry.getMeters())
        .flatExtracting(meter -> meter.getId().getTags())
        .extracting(Tag::getValue)
        .isSubsetOf(words);
  }

  @Test
  void scrape_prometheus_hasTheNamesOfTheDocument() throws IOException {
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    handingOver().bindTo(prometheus);

    Set<String> scraped = names("(?m)^(drain_[a-z_]+)[{ ]", prometheus.scrape());
    String document = Files.readString(Path.of("../docs/metrics.md"));
    assertThat(names("(?m)^\\| `(drain_[a-z_]+)[`{]", document)).isEqualTo(scraped);
    assertThat(document)
        .contains(
            prometheus.scrape().lines().filter(line -> !line.startsWith("#")).count()
                + " time series");
    handingOver().bindTo(registry);
    Set<String> meters = new TreeSet<>();
    registry.getMeters().forEach(meter -> meters.add(meter.getId().getName()));
    assertThat(names("`(drain(?:\\.[a-z]+)+)`", document)).isEqualTo(meters);
  }

  @Test
  void scrape_withoutHandOver_hasNoMeterOfIt() throws IOException {
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics(true, List.of()).bindTo(prometheus);

    assertThat(prometheus.scrape()).doesNotContain("handover");
    assertThat(Files.readString(Path.of("../docs/metrics.md")))
        .contains(
            prometheus.scrape().lines().filter(line -> !line.startsWith("#")).count()
                + " time series a coordinator");
  }

  @Test
  void handOver_counts_areThoseOfTheCoordinator() {
    totals =
        new DrainTotals(
            Map.of(),
            0,
            Map.of(),
            new Timing(0, 0, 0),
            new Timing(0, 0, 0),
            0,
            0,
            0,
            new HandOverCounts(9, 8, 5, 2, Map.of("too_big", 1L, "mac", 3L), 70, 4_000, Map.of()),
            Map.of(
                HandOverResult.TAKEN,
                new Timing(2, Duration.ofMillis(30).toNanos(), Duration.ofMillis(20).toNanos())));
    handingOver().bindTo(registry);

    assertThat(count("drain.handover.sessions", "state", "kept")).isEqualTo(9);
    assertThat(count("drain.handover.sessions", "state", "offered")).isEqualTo(8);
    assertThat(count("drain.handover.sessions", "state", "taken")).isEqualTo(5);
    assertThat(count("drain.handover.sessions", "state", "expired")).isEqualTo(2);
    assertThat(count("drain.handover.refused", "reason", "too_big")).isEqualTo(1);
    assertThat(count("drain.handover.refused", "reason", "mac")).isEqualTo(3);
    assertThat(count("drain.handover.refused", "reason", "other")).isZero();
    assertThat(count("drain.handover.packets")).isEqualTo(70);
    assertThat(count("drain.handover.bytes")).isEqualTo(4_000);
    assertThat(
            registry
                .get("drain.handover.fetch")
                .tags("result", "TAKEN")
                .functionTimer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(30);
    assertThat(timeGauge("drain.handover.fetch.max", "result", "TAKEN")).isEqualTo(0.02);
    assertThat(timeGauge("drain.handover.fetch.max", "result", "LATE")).isZero();
    assertThat(registry.getMeters())
        .filteredOn(meter -> meter.getId().getName().startsWith("drain.handover.refused"))
        .extracting(meter -> meter.getId().getTag("reason"))
        .containsExactlyInAnyOrderElementsOf(HandOverCounts.reasons());
  }

  private DrainMetrics handingOver() {
    return new DrainMetrics(() -> report, () -> totals, true, true, List.of());
  }

  private static Set<String> names(String pattern, String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  @Test
  void new_null_namesTheArgument() {
    assertThatNullPointerException()
        .isThrownBy(() -> new DrainMetrics(null))
        .withMessage("coordinator");
    try (DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults())) {
      assertThatNullPointerException()
          .isThrownBy(() -> new DrainMetrics(coordinator, null))
          .withMessage("tags");
    }
  }
}
