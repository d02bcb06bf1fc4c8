package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import io.gracefuldrain.RosterEntry.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that are kept for other pods: when one begins to be kept, how another pod gets it,
 * and when its time is over. In a drain each waits until closing by force begins; while the pod
 * serves, for the settle grace.
 */
final class Mailboxes implements KeptSessions, Kept.Reactions, StepLoop.Task {
  /** How long it is known that a session has landed: the answer to that may be lost. */
  static final long REPEATED = TimeUnit.SECONDS.toNanos(5);

  /** The time between two looks at all that are kept. */
  static final long BETWEEN = TimeUnit.MILLISECONDS.toNanos(250);

  private record Served(int port, String basePath) {}

  private final DrainPolicy policy;
  private final boolean on;
  private final Clockwork clock;
  private final Journal journal;
  private final Monitor monitor;
  private final ConnectionCaller caller;
  private final PhaseState state;
  private final HandOverTally tally;
  private final Transit transit;
  private final StepLoop steps;
  private final Map<String, Kept> all = new ConcurrentHashMap<>();
  private volatile Served served = new Served(0, "");

  Mailboxes(CoordinatorParts parts) {
    this.policy = parts.policy();
    this.on = policy.handsOver();
    this.clock = parts.clock();
    this.journal = parts.journal();
    this.monitor = parts.monitor();
    this.caller = parts.caller();
    this.state = parts.state();
    this.transit = parts.transit();
    this.tally = parts.counters().handOver;
    this.steps = parts.newLoop();
    steps.drive(this);
  }

  // ---------------------------------------------------------------- what adapters say

  /** As {@link ConnectionHandle#keep}. */
  @Nullable Kept keep(TrackedConnection tracked, String name) {
    return on ? monitor.get(() -> begin(tracked, name)) : null;
  }

  private @Nullable Kept begin(TrackedConnection tracked, String name) {
    Kept before = tracked.session();
    if (before != null) {
      return before.name.equals(name) ? before : null;
    }
    if (!tracked.at(Stage.LETTING_GO) || tracked.hint().landedOn().isPresent()) {
      return null;
    }
    if (tally.room.get() >= policy.handoverPodBytes()) {
      tally.kept.increment();
      tally.refused("pod_full");
      return null;
    }
    Kept kept = new Kept(tracked, name, policy, tally, clock, this);
    if (all.putIfAbsent(name, kept) != null) {
      throw new IllegalArgumentException(
          "session: one of this name is kept already (expected: a name that is unique)");
    }
    tracked.keeps(kept);
    if (state.phase().draining()) {
      transit.begins(tracked, LandingLimit.Way.KEPT, clock.nanos());
    }
    tally.kept.increment();
    steps.wakeAfter(BETWEEN);
    return kept;
  }

  @Override
  public void ended(Kept kept) {
    all.remove(kept.name, kept);
  }

  @Override
  public void owes(Kept kept) {
    caller.call(List.of(news(kept)));
  }

  /** A stronger call to the same connection that replaces this one tells it, too. */
  private static Call news(Kept kept) {
    return new Call(kept.tracked, Kind.LET_GO, kept::tell);
  }

  // ---------------------------------------------------------------- what other pods ask

  @Override
  public Seen seen(String session, String mark, long now, long until) {
    Kept kept = all.get(session);
    return kept == null ? Seen.UNKNOWN : kept.marks.add(mark, now, until);
  }

  @Override
  public byte[] state(String session, byte[] question) throws HandOverRefusal {
    try {
      return found(session).asked().state(question);
    } catch (HandOverRefusal e) {
      throw counted(e);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw failed(e);
    }
  }

  /** One that comes too early is counted already, and no loss yet. */
  private HandOverRefusal counted(HandOverRefusal refusal) {
    if (!refusal.reason().equals("unproven")) {
      tally.refused(refusal.reason());
    }
    return refusal;
  }

  private Kept found(String session) throws HandOverRefusal {
    Kept kept = all.get(session);
    if (kept == null) {
      throw new HandOverRefusal("unknown", "no such session is kept here");
    }
    return kept;
  }

  private HandOverRefusal failed(Throwable cause) {
    tally.refused("failed");
    journal.warn(LogCode.HANDOVER_FAILED.line(), cause);
    HandOverRefusal refusal = new HandOverRefusal("failed", "the session could not be given");
    refusal.initCause(cause);
    return refusal;
  }

  @Override
  public byte[] take(String session, String request) throws HandOverRefusal {
    try {
      Kept kept = found(session);
      KeptSession.Source source = kept.take(request);
      try {
        return Objects.requireNonNull(source.take(), "take");
      } catch (RuntimeException | LinkageError | AssertionError e) {
        kept.failed();
        throw e;
      }
    } catch (HandOverRefusal e) {
      throw counted(e);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw failed(e);
    }
  }

  @Override
  public CompletionStage<byte[]> landed(String session, String request, @Nullable String pod)
      throws HandOverRefusal {
    try {
      Kept kept = found(session);
      Landing landing = kept.landed(request);
      KeptSession.Source told = landing.told();
      if (told != null) {
        monitor.run(() -> landed(kept.tracked, pod));
        end(kept, told, pod == null ? state.pod() : pod);
      }
      return landing.rest().copy(); // nobody else completes it
    } catch (HandOverRefusal e) {
      throw counted(e);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw failed(e);
    }
  }

  private void landed(TrackedConnection tracked, @Nullable String pod) {
    if (pod != null) { // two pods may have one name, so that does not say where it is
      tracked.takenBy(pod);
    }
    transit.landed(tracked, clock.nanos());
  }

  /** Ends a session that has landed; what its adapter gives at the end is for its next pod. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  private void end(Kept kept, KeptSession.Source told, String pod) {
    CompletionStage<byte[]> rest;
    try {
      rest = Objects.requireNonNull(told.landed(pod), "landed");
    } catch (RuntimeException | LinkageError | AssertionError e) {
      kept.ended(null, failed(e));
      return;
    }
    rest.whenComplete(
        (given, failure) -> kept.ended(given, failure == null ? null : notGiven(failure)));
  }

  private HandOverRefusal notGiven(Throwable failure) {
    return failure instanceof HandOverRefusal refusal ? counted(refusal) : failed(failure);
  }

  @Override
  public void refused(String reason) {
    tally.refused(reason);
  }

  @Override
  public void fetched(HandOverResult result, Duration took) {
    tally.fetched(result, Math.max(0, Durations.nanos(took)));
  }

  @Override
  public void servedOn(int port, String basePath) {
    served = new Served(port, basePath);
  }

  @Override
  public int port() {
    return policy.handoverPort() > 0 ? policy.handoverPort() : served.port();
  }

  @Override
  public String basePath() {
    return served.basePath();
  }

  // ---------------------------------------------------------------- their time

  /** The pod serves again: those that wait have their time from now. */
  void recalled(long now) {
    all.values().forEach(kept -> kept.waitsAnew(now));
  }

  @Override
  public void advance(long now, List<Call> calls) {
    boolean forcing = state.phase().compareTo(DrainPhase.FORCING) >= 0;
    boolean patient = forcing && confirms(now);
    long grace = state.budget().settleGrace();
    for (Kept kept : all.values()) {
      boolean here = kept.here();
      long most = here ? (state.phase().draining() ? Long.MAX_VALUE : grace) : REPEATED;
      // One that is on the roster and does not wait yet is closed by force.
      boolean last = forcing && here && (kept.waited() || !kept.tracked.onRoster());
      if (kept.awaitsDone()) {
        last = forcing && !patient;
      }
      boolean over = last || kept.age(now) >= most;
      if (over && kept.expire()) {
        calls.add(news(kept));
      }
    }
  }

  /** Whether pods that have a session are waited for: in the first half of closing by force. */
  private boolean confirms(long now) {
    long force = state.budget().forceTimeout();
    return state.phase() == DrainPhase.FORCING
        && force >= Kept.LEAST_FORCE
        && now - state.since() < force / 2;
  }

  @Override
  public boolean goesOn() {
    return false;
  }

  @Override
  public void rested() {
    if (!all.isEmpty()) {
      steps.wakeAfter(BETWEEN);
    }
  }
}
