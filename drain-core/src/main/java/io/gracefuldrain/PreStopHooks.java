package io.gracefuldrain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The open requests of the preStop hook. When the last one is answered and the process does not
 * end, the hook is taken back.
 */
final class PreStopHooks {
  private final DrainPolicy policy;
  private final Clockwork clock;
  private final Journal journal;
  private final Monitor monitor;
  private final Announcements announcements;
  private final PhaseState state;
  private final StepLoop steps;
  private final DrainLifecycle lifecycle;

  // Guarded by the monitor.
  private final List<Hook> open = new ArrayList<>();
  private long closedAt;

  PreStopHooks(CoordinatorParts parts, DrainLifecycle lifecycle) {
    this.policy = parts.policy();
    this.clock = parts.clock();
    this.journal = parts.journal();
    this.monitor = parts.monitor();
    this.announcements = parts.announcements();
    this.state = parts.state();
    this.steps = parts.steps();
    this.lifecycle = lifecycle;
    this.closedAt = clock.nanos();
  }

  /** Opens a request, and then asks for its drain. */
  PreStopCall open(BooleanSupplier stillThere, Supplier<CompletionStage<DrainReport>> drain) {
    Hook hook = new Hook(stillThere);
    monitor.run(() -> open.add(hook));
    try {
      hook.done = drain.get();
      return hook;
    } catch (Throwable e) { // whatever it is, nobody else closes it
      hook.close();
      throw e;
    }
  }

  /**
   * Whether the caller of an open request is still there; this asks foreign code, so not under the
   * lock.
   */
  boolean anyReachable() {
    List<Hook> asked = monitor.get(() -> List.copyOf(open));
    return asked.stream().anyMatch(Hook::reachable);
  }

  /** Whether the hook was answered, and may be taken back; called with the lock. */
  boolean mayReset() {
    return open.isEmpty() && lifecycle.heldByHook();
  }

  /** Takes the hook back if nothing has followed it for long enough; called with the lock. */
  void reset(long now) {
    if (mayReset() && untilReset(now) <= 0) {
      announcements.warn(
          LogCode.HOOK_RESET.line().put("afterMs", policy.hookReset().toMillis()), null);
      lifecycle.releaseHook(now);
    }
  }

  /** How long it is until the hook is taken back, if it may be; called with the lock. */
  long untilReset(long now) {
    long since = closedAt - state.since() > 0 ? closedAt : state.since();
    return mayReset() ? policy.hookReset().toNanos() - (now - since) : StepLoop.LONGEST;
  }

  private void closed(Hook hook) {
    if (open.remove(hook)) {
      closedAt = clock.nanos();
      steps.wake();
    }
  }

  /** One request of the preStop hook. */
  private final class Hook implements PreStopCall {
    private final BooleanSupplier stillThere;
    private CompletionStage<DrainReport> done = new CompletableFuture<>();

    Hook(BooleanSupplier stillThere) {
      this.stillThere = stillThere;
    }

    boolean reachable() {
      try {
        return stillThere.getAsBoolean();
      } catch (Throwable e) { // foreign code
        journal.warn(LogCode.HOOK_UNKNOWN.line(), e);
        return false;
      }
    }

    @Override
    public CompletionStage<DrainReport> done() {
      return done;
    }

    @Override
    public void close() {
      monitor.run(() -> closed(this));
    }
  }
}
