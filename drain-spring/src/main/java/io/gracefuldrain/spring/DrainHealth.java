package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Durations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What the health contributor {@code drain} says, and in which groups it is, for both lines of
 * Spring Boot. Immutable and thread-safe.
 */
public final class DrainHealth {
  /** The name of the contributor. */
  public static final String NAME = "drain";

  private static final String READINESS = "readiness";

  private DrainHealth() {}

  /** The phase, what is still here, and during a drain how much time is left. */
  public static Map<String, Object> details(DrainCoordinator coordinator) {
    DrainReport report = coordinator.report();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("phase", report.phase().name());
    details.put("connections", report.connections());
    details.put("workInFlight", report.workInFlight());
    if (report.phase().draining()) {
      details.put("timeLeft", Durations.format(report.budgetRemaining()));
    }
    return details;
  }

  /** Whether a group of this name gets the contributor without asking: the readiness group. */
  public static boolean added(String group, Environment environment) {
    return group.equals(READINESS)
        && Binder.get(environment)
            .bind(
                "management.endpoint.health.group.readiness.exclude", Bindable.setOf(String.class))
            .orElse(Set.of())
            .stream()
            .noneMatch(name -> name.equals(NAME) || name.equals("*"));
  }

  /**
   * Whether the contributor is never in a group of this name, whatever it includes: a liveness
   * probe that fails in a drain would cut it.
   */
  public static boolean barred(String group) {
    return group.equals("liveness");
  }
}
