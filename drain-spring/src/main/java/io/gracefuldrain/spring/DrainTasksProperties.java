package io.gracefuldrain.spring;

import io.gracefuldrain.Durations;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which tasks of the application's executors and schedulers are work in flight. Immutable.
 *
 * @param enabled whether any are
 * @param exclude the names of beans whose tasks are not, such as an executor on which loops run
 *     that never end
 * @param limit how long a drain respects a task at most, counted from its beginning; without a
 *     limit, as long as the drain has time
 */
@ConfigurationProperties("drain.tasks")
public record DrainTasksProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue Set<String> exclude,
    @Nullable Duration limit) {
  /** Refuses a limit that leaves no time. */
  public DrainTasksProperties {
    exclude = Set.copyOf(exclude);
    if (limit != null && (limit.isNegative() || limit.isZero())) {
      throw DrainStartException.ofOwnSetting(
          "tasks.limit", Durations.format(limit), "more than 0s");
    }
  }
}
