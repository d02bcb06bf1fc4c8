package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Durations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final String LIVENESS = "liveness";
  private static final Logger LOG = LoggerFactory.getLogger(DrainHealth.class);

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

  /**
   * The groups in which the contributor's membership changes: it joins the readiness group without
   * being asked, and leaves the liveness group whatever that includes. A liveness probe that fails
   * in a drain would cut it; the log says so.
   *
   * @param groups the names of all groups
   * @param had whether the contributor is a member of a group as the application has it
   * @return whether it is a member, by the name of the group
   */
  public static Map<String, Boolean> members(
      Set<String> groups, Predicate<String> had, Environment environment) {
    Map<String, Boolean> changed = new LinkedHashMap<>();
    for (String group : groups) {
      if (group.equals(READINESS) && joins(environment)) {
        changed.put(group, true);
      } else if (group.equals(LIVENESS) && had.test(group)) {
        changed.put(group, false);
        LOG.warn(
            "DRAIN-088 health {} is left out of the group {}: a liveness probe that fails in a drain"
                + " ends the pod in the middle of it (expected:"
                + " management.endpoint.health.group.liveness.include without {}, or .exclude with"
                + " it)",
            NAME,
            LIVENESS,
            NAME);
      }
    }
    return changed;
  }

  private static boolean joins(Environment environment) {
    return Binder.get(environment)
        .bind("management.endpoint.health.group.readiness.exclude", Bindable.setOf(String.class))
        .orElse(Set.of())
        .stream()
        .noneMatch(name -> name.equals(NAME) || name.equals("*"));
  }
}
