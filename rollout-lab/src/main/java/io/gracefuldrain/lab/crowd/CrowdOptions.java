package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.options.DurationOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A mixin with the options of every command that has a crowd. */
public final class CrowdOptions {
  private final Duration usualOrders;

  @Option(
      names = "--feed-ms",
      paramLabel = "MS",
      defaultValue = "100",
      description =
          "Between two messages down to each client, 10 to 10000. Default: ${DEFAULT-VALUE}")
  private int feedMs;

  @Option(
      names = "--order-every",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      description =
          "Between two orders of each client, work of 5s, 1s to 10m; 0s for none. Default: 0s in"
              + " 'probe', else 15s")
  private @Nullable Duration orderEvery;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description =
          "Seed of all random choices except those of the Java client. Default: ${DEFAULT-VALUE}")
  private long seed;

  /**
   * @param usualOrders the interval of orders if the user gives none
   */
  public CrowdOptions(Duration usualOrders) {
    this.usualOrders = usualOrders;
  }

  /**
   * Refuses values that no crowd can have.
   *
   * @throws ParameterException if a value is wrong; the message names the option, its value, and
   *     what was expected
   */
  public void check(CommandSpec spec) {
    if (!CrowdPlan.canFeed(feedMs)) {
      throw new ParameterException(
          spec.commandLine(), "--feed-ms: " + feedMs + " (expected: 10 to 10000)");
    }
    Duration orders = orderEvery();
    if (!CrowdPlan.canOrder(orders)) {
      throw new ParameterException(
          spec.commandLine(),
          "--order-every: " + orders.toMillis() + "ms (expected: 0s for none, or 1s to 10m)");
    }
  }

  /** The interval of the feed, in milliseconds, not yet checked. */
  public int feedMs() {
    return feedMs;
  }

  /** A description of the feed, for the report. */
  public String feedText() {
    return "a message every " + feedMs + " ms to each client";
  }

  /** The interval of each client's orders, zero for none, not yet checked. */
  public Duration orderEvery() {
    return orderEvery == null ? usualOrders : orderEvery;
  }

  /** The seed of all random choices. */
  public long seed() {
    return seed;
  }
}
