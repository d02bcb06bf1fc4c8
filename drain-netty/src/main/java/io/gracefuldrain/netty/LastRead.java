package io.gracefuldrain.netty;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainReason;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Has an event loop read once more before a connection's goodbye begins: what has come while the
 * last work was done is then dispatched, and not dropped. The loop reads before it runs what was
 * scheduled. Once in each drain, since a client may send for ever; a drain that comes after a
 * recall is another one.
 *
 * <p>Not thread-safe: confined to one thread, or guarded by its owner.
 */
public final class LastRead {
  private static final Duration WAIT = Duration.ofMillis(1);

  private final DrainCoordinator coordinator;
  private Map<DrainReason, Long> asked = Map.of();
  private boolean done;

  /** For one connection of this coordinator. */
  public LastRead(DrainCoordinator coordinator) {
    this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
  }

  /**
   * Has the loop read, and then run a task, which asks again.
   *
   * @return false if there is nothing to wait for: the loop has read in this drain, or it is about
   *     to stop. The task is not run then
   */
  public boolean readBefore(EventLoop loop, Runnable task) {
    Map<DrainReason, Long> now = coordinator.totals().triggers(); // differs in another drain
    if (loop.isShuttingDown() || (done && now.equals(asked))) {
      return false;
    }
    done = true;
    asked = now;
    var unused = loop.schedule(task, WAIT.toMillis(), TimeUnit.MILLISECONDS);
    return true;
  }
}
