package io.gracefuldrain.metrics;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.DrainTotals;
import io.gracefuldrain.HandOverCounts;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator as Micrometer meters. They are pulled: a scrape asks the coordinator once, and
 * nothing is recorded in between. Tags have a few fixed values, never the name of a connection or
 * of work. Thread-safe.
 *
 * <p>A registry holds its meters, and through them the coordinator, until {@link #close}. Close
 * them with the coordinator, or the next one in the same registry cannot be seen. Two coordinators
 * that share a registry need a tag that distinguishes them. In both cases the registry keeps the
 * meters that it has, and a warning says so.
 */
public final class DrainMetrics implements MeterBinder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DrainMetrics.class);
  private static final DrainTotals.Timing NONE = new DrainTotals.Timing(0, 0, 0);

  private final Supplier<DrainReport> reports;
  private final Supplier<DrainTotals> totals;
  private final boolean feasible;
  private final boolean handsOver;
  private final Tags tags;
  private final Queue<Meters> bound = new ConcurrentLinkedQueue<>();

  /**
   * The meters of a coordinator, without further tags.
   *
   * @param coordinator the coordinator to measure
   */
  public DrainMetrics(DrainCoordinator coordinator) {
    this(coordinator, List.of());
  }

  /**
   * The meters of a coordinator.
   *
   * @param coordinator the coordinator to measure
   * @param tags put on each of them, for instance the name of the server
   */
  public DrainMetrics(DrainCoordinator coordinator, Iterable<Tag> tags) {
    this(
        Objects.requireNonNull(coordinator, "coordinator")::report,
        coordinator::totals,
        coordinator.policy().overBudget().isEmpty(),
        coordinator.policy().handsOver(),
        Objects.requireNonNull(tags, "tags"));
  }

  DrainMetrics(
      Supplier<DrainReport> reports,
      Supplier<DrainTotals> totals,
      boolean feasible,
      Iterable<Tag> tags) {
    this(reports, totals, feasible, false, tags);
  }

  DrainMetrics(
      Supplier<DrainReport> reports,
      Supplier<DrainTotals> totals,
      boolean feasible,
      boolean handsOver,
      Iterable<Tag> tags) {
    this.reports = reports;
    this.totals = totals;
    this.feasible = feasible;
    this.handsOver = handsOver;
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Meters meters = new Meters(registry, new Snapshot(reports, totals, registry.config().clock()));
    bound.add(meters);
    meters.register();
  }

  /** Removes the meters from the registries that they are bound to. Idempotent. */
  @Override
  public void close() {
    for (Meters meters = bound.poll(); meters != null; meters = bound.poll()) {
      meters.remove();
    }
  }

  /** The meters of one registry. */
  private final class Meters {
    private final MeterRegistry registry;
    private final Snapshot snapshot;
    private Set<Meter.Id> before;
    private final Queue<Meter.Id> own = new ConcurrentLinkedQueue<>();
    private boolean foreign;

    Meters(MeterRegistry registry, Snapshot snapshot) {
      this.registry = registry;
      this.snapshot = snapshot;
      this.before =
          registry.getMeters().stream().map(Meter::getId).collect(Collectors.toUnmodifiableSet());
    }

    /** A registry gives the meter that it has already, if it has one of that name and tags. */
    private void keep(Meter meter) {
      if (before.contains(meter.getId())) {
        foreign = true;
      } else {
        own.add(meter.getId());
      }
    }

    void remove() {
      own.forEach(registry::remove);
      own.clear();
    }

    void register() {
      registerAll();
      before = Set.of();
      if (foreign) {
        LOG.warn(
            "DRAIN-049 the registry has meters of this name already, and keeps them (expected: they"
                + " are closed with their coordinator, or each coordinator has a tag of its own)");
      }
    }

    private void registerAll() {
      for (DrainPhase phase : DrainPhase.values()) {
        gauge(
            "drain.phase",
            "1 for the phase the pod is in",
            Tags.of("phase", phase.name()),
            report -> report.phase() == phase ? 1 : 0);
      }
      gauge("drain.connections", "Connections here now", Tags.empty(), DrainReport::connections);
      gauge(
          "drain.work.leases",
          "Work in flight, of connections and of the pod",
          Tags.empty(),
          DrainReport::workInFlight);
      gauge(
          "drain.feasible",
          "1 if the drain's budget fits in the grace period",
          Tags.empty(),
          report -> feasible ? 1 : 0);
      time(
          "drain.work.oldest",
          "Age of the oldest work in flight",
          Tags.empty(),
          DrainMetrics::oldestWork);
      time(
          "drain.budget.remaining",
          "Time until the deadline of the drain that is going on",
          Tags.empty(),
          DrainReport::budgetRemaining);
      for (DrainPhase phase : DrainPhase.values()) {
        if (phase.draining() && phase != DrainPhase.DRAINED) {
          time(
              "drain.phase.duration",
              "How long a phase of this drain, or of the last one, took",
              Tags.of("phase", phase.name()),
              report -> report.phases().getOrDefault(phase, Duration.ZERO));
        }
      }

      for (Outcome outcome : Outcome.values()) {
        counter(
            "drain.connections.ended",
            "Connections that a drain or a shed ended",
            Tags.of("outcome", outcome.name()),
            all -> all.ended().getOrDefault(outcome, 0L));
      }
      for (DrainReason reason : DrainReason.values()) {
        counter(
            "drain.triggers",
            "Who asked for drains, joins included",
            Tags.of("reason", reason.name()),
            all -> all.triggers().getOrDefault(reason, 0L));
      }
      counter(
          "drain.handshakes.refused",
          "Handshakes refused",
          Tags.empty(),
          DrainTotals::handshakesRefused);
      counter("drain.compressed", "Deadlines tightened", Tags.empty(), DrainTotals::compressions);
      timer("drain.move", "From a connection's slot to its end", Tags.empty(), DrainTotals::moves);
      timer(
          "drain.slot.error",
          "How late connections were let go, after their slot",
          Tags.empty(),
          DrainTotals::slotErrors);
      if (handsOver) {
        registerHandOver();
      }
    }

    private void registerHandOver() {
      sessions("kept", HandOverCounts::kept);
      sessions("offered", HandOverCounts::offered);
      sessions("taken", HandOverCounts::taken);
      sessions("expired", HandOverCounts::expired);
      for (String reason : HandOverCounts.reasons()) {
        counter(
            "drain.handover.refused",
            "Sessions that were not handed over, and requests that were refused",
            Tags.of("reason", reason),
            all -> all.handedOver().refused().getOrDefault(reason, 0L));
      }
      counter(
          "drain.handover.packets",
          "Packets handed over to other pods",
          Tags.empty(),
          all -> all.handedOver().packets());
      counter(
          "drain.handover.bytes",
          "Bytes handed over to other pods",
          Tags.empty(),
          all -> all.handedOver().bytes());
      for (HandOverResult result : HandOverResult.values()) {
        timer(
            "drain.handover.fetch",
            "How long it took to get a session of another pod, or not to get it",
            Tags.of("result", result.name()),
            all -> all.fetched().getOrDefault(result, NONE));
      }
    }

    private void sessions(String state, ToLongFunction<HandOverCounts> count) {
      counter(
          "drain.handover.sessions",
          "Sessions of this pod, for others",
          Tags.of("state", state),
          all -> count.applyAsLong(all.handedOver()));
    }

    private void gauge(
        String name, String description, Tags own, ToDoubleFunction<DrainReport> value) {
      keep(
          Gauge.builder(name, snapshot, seen -> value.applyAsDouble(seen.report()))
              .description(description)
              .tags(tags.and(own))
              .strongReference(true)
              .register(registry));
    }

    private void time(
        String name, String description, Tags own, Function<DrainReport, Duration> value) {
      keep(
          TimeGauge.builder(
                  name,
                  snapshot,
                  TimeUnit.NANOSECONDS,
                  seen -> value.apply(seen.report()).toNanos())
              .description(description)
              .tags(tags.and(own))
              .strongReference(true)
              .register(registry));
    }

    // Micrometer holds the object of a function counter or timer weakly, and has no switch for it
    // as
    // for gauges. So the functions hold the snapshot themselves.

    private void counter(
        String name, String description, Tags own, ToLongFunction<DrainTotals> count) {
      keep(
          FunctionCounter.builder(name, snapshot, ignored -> count.applyAsLong(snapshot.totals()))
              .description(description)
              .tags(tags.and(own))
              .register(registry));
    }

    private void timer(
        String name,
        String description,
        Tags own,
        Function<DrainTotals, DrainTotals.Timing> timing) {
      keep(
          FunctionTimer.builder(
                  name,
                  snapshot,
                  ignored -> timing.apply(snapshot.totals()).count(),
                  ignored -> timing.apply(snapshot.totals()).nanos(),
                  TimeUnit.NANOSECONDS)
              .description(description)
              .tags(tags.and(own))
              .register(registry));
      keep(
          TimeGauge.builder(
                  name + ".max",
                  snapshot,
                  TimeUnit.NANOSECONDS,
                  seen -> timing.apply(seen.totals()).maxNanos())
              .description(description + ": the longest since the process began")
              .tags(tags.and(own))
              .strongReference(true)
              .register(registry));
    }
  }

  private static Duration oldestWork(DrainReport report) {
    DrainReport.OldestWork oldest = report.oldestWork();
    return oldest == null ? Duration.ZERO : oldest.age();
  }
}
