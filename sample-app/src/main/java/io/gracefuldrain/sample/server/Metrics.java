package io.gracefuldrain.sample.server;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.metrics.DrainMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** The metrics for Prometheus: the drain's, and the JVM's basic ones. */
final class Metrics {
  private Metrics() {}

  static PrometheusMeterRegistry of(DrainCoordinator coordinator) {
    PrometheusMeterRegistry registry = ofJvm();
    new DrainMetrics(coordinator).bindTo(registry);
    return registry;
  }

  /** For a pod without a drain. */
  static PrometheusMeterRegistry ofJvm() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    List<MeterBinder> binders =
        List.of(
            new JvmMemoryMetrics(),
            new JvmGcMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics());
    binders.forEach(binder -> binder.bindTo(registry));
    return registry;
  }
}
