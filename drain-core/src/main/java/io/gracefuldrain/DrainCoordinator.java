package io.gracefuldrain;

import io.gracefuldrain.Caller.Call;
import io.gracefuldrain.Tracked.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drains one pod: withdraws it, lets its connections go one by one, waits for work in flight, and
 * says afterwards what became of each.
 *
 * <p>Thread-safe; no method blocks. Registering a connection and changing the phase happen under
 * one lock, so nobody slips past a drain. One thread, {@code drain-coordinator}, advances the
 * phase; connections and listeners are called outside the lock, on threads of their own.
 */
public final class DrainCoordinator implements AutoCloseable {
  /** How often a drain takes a step. */
  static final long TICK = 20_000_000L;

  /**
   * What is left for draining when SIGTERM comes while a preStop request is still open. The kubelet
   * has then used up the grace period and leaves 2 s (kuberuntime's minimumGracePeriodInSeconds);
   * one is for connections, the other for stopping servers.
   */
  static final Duration LAST_NOTICE = Duration.ofSeconds(1);

  // The transport of a connection that the coordinator ends by itself: foreign code is not asked
  // under the lock.
  private static final String UNKNOWN = "unknown";

  /**
   * What anybody may see without the lock; whoever sees a phase sees the probes that go with it.
   */
  private record Face(DrainPhase phase, boolean ready, boolean admits) {}

  private final DrainPolicy policy;
  private final Clockwork clock;
  private final Caller caller;
  private final boolean inKubernetes;
  private final Journal journal;
  private final Listeners listeners;
  private final StripedGate work;

  private final Tally<DrainReason> triggers = new Tally<>(DrainReason.class);
  private final Tally<Outcome> ended = new Tally<>(Outcome.class);
  private final LongAdder refused = new LongAdder();
  private final LongAdder compressions = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Stopwatch moves = new Stopwatch();
  private final Stopwatch slotErrors = new Stopwatch();
  private final CompletableFuture<Void> startedSignal = new CompletableFuture<>();

  private volatile Face face = new Face(DrainPhase.STARTING, false, true);
  private volatile boolean closed;

  private final ReentrantLock lock = new ReentrantLock();
  // Everything below is guarded by the lock.
  private final Roster roster = new Roster();
  private final Mover mover;
  private final Set<DrainReason> holding = EnumSet.noneOf(DrainReason.class);
  private final List<Hook> openHooks = new ArrayList<>();
  private List<Runnable> afterwards = new ArrayList<>();
  private DrainBook book;
  private Spans spans;
  private long phaseSince;
  private long phaseEnds;
  private boolean started;
  private boolean keepsReady;
  private boolean shortNotice;
  private boolean ticking;
  private long hookClosedAt;
  private int shedLeft;
  private long shedEnds;

  /**
   * A coordinator in {@link DrainPhase#STARTING}.
   *
   * @throws IllegalArgumentException if the policy's budget does not fit in its grace period,
   *     unless the policy says to warn only
   */
  public static DrainCoordinator create(DrainPolicy policy) {
    boolean inKubernetes = System.getenv("KUBERNETES_SERVICE_HOST") != null;
    Journal journal = new Journal(policy, System.out);
    return new DrainCoordinator(
        policy, new SystemClockwork(), journal, inKubernetes, CallOuts::new);
  }

  /** Makes the way to connections, once there is somebody to be told of failures. */
  interface CallerFactory {
    Caller create(Clockwork clock, Journal journal, Caller.Failures failures);
  }

  DrainCoordinator(
      DrainPolicy policy,
      Clockwork clock,
      Journal journal,
      boolean inKubernetes,
      CallerFactory callers) {
    this.policy = policy;
    this.clock = clock;
    this.journal = journal;
    this.inKubernetes = inKubernetes;
    this.caller = callers.create(clock, journal, this::callFailed);
    this.listeners = new Listeners(journal);
    this.work = new StripedGate(clock);
    this.book = DrainBook.blank(clock.nanos());
    this.spans = policy.spans();
    this.phaseSince = clock.nanos();
    this.mover = new Mover(roster, policy, clock, slotErrors, this::ticket, this::pacingFailed);
    policy
        .overBudget()
        .ifPresent(
            problem -> {
              if (policy.budgetCheck() == DrainPolicy.BudgetCheck.FAIL) {
                clock.close();
                throw new IllegalArgumentException(problem);
              }
              journal.warn(LogCode.OVER_BUDGET.line().put("problem", problem), null);
            });
  }

  // ---------------------------------------------------------------- what anybody may ask

  /** The settings this coordinator was created with. */
  public DrainPolicy policy() {
    return policy;
  }

  /** Where the pod is in its life. */
  public DrainPhase phase() {
    return face.phase();
  }

  /** What the readiness probe says. */
  public boolean ready() {
    return face.ready() && !closed;
  }

  /** Whether a new connection is to be admitted. Who refuses one calls {@link #refused}. */
  public boolean admits() {
    return face.admits();
  }

  /**
   * Whether a new connection with a reconnect ticket is to be admitted: not where the ticket was
   * issued, while that pod drains. A ticket that cannot be read counts as none.
   */
  public boolean admits(String ticket) {
    Face seen = face;
    return seen.admits()
        && !(seen.phase().draining() && Ticket.decode(ticket).filter(this::issuedHere).isPresent());
  }

  private boolean issuedHere(Ticket ticket) {
    return ticket.pod().equals(policy.pod()) && ticket.generation().equals(policy.generation());
  }

  /** Counts a handshake that was refused because of {@link #admits}. */
  public void refused() {
    refused.increment();
  }

  /** Admission of work that belongs to the pod and not to one connection. */
  public WorkGate work() {
    return work;
  }

  /** Completes when the application has started; a caller cannot complete it. */
  public CompletionStage<Void> whenStarted() {
    return startedSignal.minimalCompletionStage();
  }

  /** Whether the coordinator is alive: true until it is closed. */
  public boolean alive() {
    return !closed;
  }

  /**
   * How long stopping the servers may take after the drain: the stop margin, or a second when the
   * platform has given up waiting.
   */
  public Duration stopBudget() {
    return locked(
        () ->
            shortNotice && policy.stopMargin().compareTo(LAST_NOTICE) > 0
                ? LAST_NOTICE
                : policy.stopMargin());
  }

  /** What this coordinator has counted since it was created. */
  public DrainTotals totals() {
    return new DrainTotals(
        ended.sums(),
        refused.sum(),
        triggers.sums(),
        moves.timing(),
        slotErrors.timing(),
        compressions.sum(),
        failures.sum(),
        listeners.drops());
  }

  /** The drain as it stands: the last one when none is going on. */
  public DrainReport report() {
    return locked(() -> reportAt(clock.nanos()));
  }

  /** Tells a listener of what happens from now on. */
  public void addListener(DrainListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /** Tells a listener nothing more. */
  public void removeListener(DrainListener listener) {
    listeners.remove(listener);
  }

  // ---------------------------------------------------------------- what starts and ends things

  /** The application is up. A drain that has begun meanwhile goes on. */
  public void started() {
    locked(
        () -> {
          started = true;
          if (face.phase() == DrainPhase.STARTING) {
            enter(DrainPhase.SERVING, clock.nanos());
          }
          return null;
        });
    startedSignal.complete(null);
  }

  /**
   * Starts a drain, or joins the one that is going on.
   *
   * @return completes with the receipt when the drain is done, or recalled; a caller cannot
   *     complete it
   * @throws IllegalStateException if the coordinator is closed
   */
  public CompletionStage<DrainReport> drain(DrainReason reason) {
    return drain(reason, () -> {});
  }

  /**
   * Starts or joins a drain that must be done within a time. The deadline only ever tightens: a
   * later one than the drain's own changes nothing.
   *
   * @param within from now; zero forces at once
   * @return as {@link #drain(DrainReason)}
   * @throws IllegalArgumentException if the time is negative
   * @throws IllegalStateException if the coordinator is closed
   */
  public CompletionStage<DrainReport> drain(DrainReason reason, Duration within) {
    if (Objects.requireNonNull(within, "within").isNegative()) {
      throw new IllegalArgumentException("within: " + within + " (expected: >= 0)");
    }
    return drain(reason, () -> tighten(Durations.nanos(within), clock.nanos()));
  }

  private CompletionStage<DrainReport> drain(DrainReason reason, Runnable then) {
    Objects.requireNonNull(reason, "reason");
    // Asked before the lock: it may write to a connection.
    boolean abandoned = reason == DrainReason.SIGTERM && hookAbandoned();
    return locked(
        () -> {
          requireOpen();
          triggers.add(reason);
          if (face.phase().draining()) {
            join(reason);
          } else {
            begin(reason);
          }
          then.run();
          // A request that is open when the drain is done is being answered, not abandoned.
          if (abandoned && !book.completed) {
            shortNotice = true;
            tighten(LAST_NOTICE.toNanos(), clock.nanos());
          }
          return book.done.minimalCompletionStage();
        });
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the coordinator is closed (expected: an open one)");
    }
  }

  private void begin(DrainReason reason) {
    long now = clock.nanos();
    book = new DrainBook(book.epoch + 1, clock.wallTime(), now, roster.size(), refused.sum());
    book.reasons.add(reason);
    holding.clear();
    holding.add(reason);
    spans = policy.spans();
    mover.reset();
    shedLeft = 0;
    hookClosedAt = now;
    keepsReady = started && keepsReady(reason);
    enter(DrainPhase.UNREADY, now);
    tick();
  }

  private boolean keepsReady(DrainReason reason) {
    return switch (policy.readiness()) {
      case KEEP -> true;
      case FAIL -> false;
      case AUTO -> inKubernetes && reason.terminates();
    };
  }

  private void join(DrainReason reason) {
    holding.add(reason);
    if (!book.reasons.contains(reason)) {
      book.reasons.add(reason);
    }
    Json line =
        LogCode.JOINED.line().put("reason", reason.name()).put("phase", face.phase().name());
    afterwards.add(() -> journal.info(line));
    tick();
  }

  private void tighten(long within, long now) {
    long left = budgetRemaining(now);
    if (within >= left) {
      return; // also when nothing is left
    }
    spans = spans.from(face.phase(), phaseEnds - now).fit(within);
    phaseEnds = now + spans.of(face.phase());
    book.compressed = true;
    compressions.increment();
    Json line =
        LogCode.COMPRESSED
            .line()
            .put("phase", face.phase().name())
            .put("fromMs", left / 1_000_000)
            .put("toMs", spans.total() / 1_000_000);
    afterwards.add(() -> journal.warn(line, null));
  }

  /**
   * Starts or joins a drain for one request of the preStop hook.
   *
   * @param stillThere whether the caller can still be reached; asked when SIGTERM comes while the
   *     request is open, and may take some milliseconds
   * @throws IllegalStateException if the coordinator is closed
   */
  public PreStopCall preStop(BooleanSupplier stillThere) {
    Hook hook = new Hook(Objects.requireNonNull(stillThere, "stillThere"));
    locked(() -> openHooks.add(hook));
    try {
      hook.done = drain(DrainReason.PRE_STOP);
      return hook;
    } catch (IllegalStateException e) {
      hook.close();
      throw e;
    }
  }

  private boolean hookAbandoned() {
    List<Hook> open = locked(() -> List.copyOf(openHooks));
    return open.stream().anyMatch(Hook::reachable);
  }

  /**
   * Recalls a manual drain, also after {@link DrainPhase#DRAINED}: the pod serves again.
   *
   * @throws IllegalStateException if nothing drains, or the process is to end
   */
  public void resume() {
    locked(
        () -> {
          requireOpen();
          if (!face.phase().draining()) {
            throw new IllegalStateException(
                "resume: the phase is " + face.phase() + " (expected: a drain to recall)");
          }
          for (DrainReason reason : holding) {
            if (reason.terminates()) {
              throw new IllegalStateException(
                  "resume: the drain was asked for by " + reason + " (expected: a manual one)");
            }
          }
          recall(clock.nanos());
          return null;
        });
  }

  private void recall(long now) {
    roster.forEach(
        tracked -> {
          switch (tracked.stage) {
            case LETTING_GO, FORCED ->
                account(tracked, UNKNOWN, tracked.outcome(Departure.SILENT), now);
            case PRESENT, HINTED, DUE -> keep(tracked, now);
          }
        });
    holding.clear();
    shortNotice = false;
    spans = policy.spans();
    work.open();
    DrainBook recalled = book;
    DrainReport receipt = enter(started ? DrainPhase.SERVING : DrainPhase.STARTING, now);
    if (recalled.drained) {
      // Its receipt is out; what came later was admitted late, and is in the report.
      complete(recalled, receipt);
      return;
    }
    recalled.drained = true;
    recalled.endedAt = now;
    Json line = LogCode.RECALLED.line().put("epoch", recalled.epoch);
    afterwards.add(
        () -> {
          journal.info(line);
          journal.receipt(receipt);
        });
    complete(recalled, receipt);
  }

  private void keep(Tracked tracked, long now) {
    book.ended(tracked, UNKNOWN, Outcome.KEPT, now);
    ended.add(Outcome.KEPT);
    tracked.stage = Stage.PRESENT;
    tracked.slotted = false;
    tracked.seenBusy = false;
    tracked.landed = false;
    roster.waiting.add(tracked);
    tell(listener -> listener.connectionEnded(tracked.id, Outcome.KEPT));
  }

  /**
   * Lets some idle connections go while serving, paced over the move window, for instance to
   * rebalance after a scale-up. The busy stay, so fewer may go.
   *
   * @return how many are to go, no more than are here
   * @throws IllegalArgumentException if the count is not more than zero
   * @throws IllegalStateException if the pod is not serving
   */
  public int shed(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("shed: " + count + " (expected: >= 1)");
    }
    return locked(
        () -> {
          requireOpen();
          if (face.phase() != DrainPhase.SERVING) {
            throw new IllegalStateException(
                "shed: the phase is " + face.phase() + " (expected: SERVING)");
          }
          shedLeft = (int) Math.min(roster.waiting.size(), (long) shedLeft + count);
          shedEnds = clock.nanos() + spans.moveWindow() - spans.hintGrace();
          mover.reset();
          Json line = LogCode.SHED.line().put("count", shedLeft).put("of", roster.size());
          afterwards.add(() -> journal.info(line));
          tick();
          return shedLeft;
        });
  }

  /** Ends the coordinator's threads; a drain that goes on is left where it is. Idempotent. */
  @Override
  public void close() {
    closed = true;
    clock.close();
    caller.close();
    listeners.close();
  }

  // ---------------------------------------------------------------- connections

  /**
   * Tracks a connection. One that comes while others are being let go is let go at once.
   *
   * @return what its adapter tells the coordinator with
   */
  public Handle register(DrainableConnection connection) {
    Tracked tracked = new Tracked(this, Objects.requireNonNull(connection, "connection"), clock);
    lock.lock();
    try {
      if (!face.phase().draining()) {
        roster.waiting.add(tracked);
        return tracked;
      }
    } finally {
      lock.unlock();
    }
    return locked(() -> admitLate(tracked));
  }

  private Tracked admitLate(Tracked tracked) {
    roster.waiting.add(tracked);
    if (face.phase().draining()) {
      book.tracked++;
      if (face.phase().lettingGo()) {
        book.late++;
        mover.due(tracked, clock.nanos());
        tick();
      }
    }
    return tracked;
  }

  void landed(Tracked tracked, Duration connectTime) {
    locked(
        () -> {
          if (!tracked.ended && !tracked.accounted && !tracked.landed && tracked.slotted) {
            tracked.landed = true;
            if (face.phase().draining()) {
              book.landings.record(Math.max(0, Durations.nanos(connectTime)));
            }
          }
          return null;
        });
  }

  void left(Tracked tracked, Departure how) {
    if (!face.phase().draining()) {
      // The way of everyday: nothing to be told.
      lock.lock();
      try {
        if (!face.phase().draining() && tracked.stage == Stage.PRESENT) {
          tracked.ended = true;
          Roster.Line.remove(tracked);
          return;
        }
      } finally {
        lock.unlock();
      }
    }
    String transport = transport(tracked);
    locked(
        () -> {
          if (!tracked.ended) {
            tracked.ended = true;
            if (!tracked.accounted) {
              account(tracked, transport, tracked.outcome(how), clock.nanos());
            }
          }
          return null;
        });
  }

  private String transport(Tracked tracked) {
    try {
      return Objects.requireNonNullElse(tracked.connection.transport(), UNKNOWN);
    } catch (Throwable e) { // foreign code; its connection has ended all the same
      journal.warn(LogCode.CONNECTION_FAILED.line().put("connection", tracked.id), e);
      return UNKNOWN;
    }
  }

  /** The one place where a connection gets its outcome and leaves the roster. */
  private void account(Tracked tracked, String transport, Outcome outcome, long now) {
    tracked.accounted = true;
    Roster.Line.remove(tracked);
    ended.add(outcome);
    if (tracked.slotted) {
      moves.record(now - tracked.slotAt);
    }
    if (face.phase().draining()) {
      book.ended(tracked, transport, outcome, now);
      book.workAbandoned += outcome == Outcome.FORCED ? tracked.leases.gate().inside() : 0;
      int tenths = book.newTenths();
      if (tenths > 0) {
        Json line =
            LogCode.PROGRESS
                .line()
                .put("percent", tenths * 10L)
                .put("remaining", roster.size())
                .put("budgetRemainingMs", budgetRemaining(now) / 1_000_000);
        afterwards.add(() -> journal.info(line));
      }
    }
    tell(listener -> listener.connectionEnded(tracked.id, outcome));
  }

  private String ticket(Tracked tracked) {
    return new Ticket(policy.pod(), policy.generation(), book.epoch, tracked.id).encode();
  }

  private void pacingFailed(RuntimeException cause) {
    Json line = LogCode.PACING_FAILED.line().put("pacing", policy.pacing().getClass().getName());
    afterwards.add(() -> journal.warn(line, cause));
  }

  private void callFailed(Call call) {
    failures.increment();
    List<Call> calls = new ArrayList<>();
    locked(
        () -> {
          if (face.phase().draining()) {
            book.failures++;
          }
          mover.failed(call, clock.nanos(), calls);
          return null;
        });
    caller.call(calls);
  }

  // ---------------------------------------------------------------- the coordinator's thread

  private void tick() {
    if (!ticking && !closed) {
      ticking = true;
      afterwards.add(() -> clock.runAfter(0, this::step));
    }
  }

  private void step() {
    boolean callsOut = true;
    try {
      List<Call> calls = new ArrayList<>();
      locked(
          () -> {
            advance(clock.nanos(), calls);
            return null;
          });
      caller.call(calls);
      callsOut = caller.check();
    } catch (Throwable e) { // whatever goes wrong in a step, the drain takes the next
      journal.warn(LogCode.STEP_FAILED.line(), e);
    }
    boolean waits = callsOut;
    if (locked(() -> wantsTick(waits))) {
      clock.runAfter(TICK, this::step);
    }
  }

  private boolean wantsTick(boolean callsOut) {
    boolean busy =
        callsOut
            || (face.phase().draining() && !book.completed)
            || hookMayReset()
            || shedLeft > 0
            || roster.size() > roster.waiting.size()
            || (face.phase().lettingGo() && roster.size() > 0);
    ticking = busy && !closed;
    return ticking;
  }

  private void advance(long now, List<Call> calls) {
    DrainPhase before;
    do {
      before = face.phase();
      switch (before) {
        case STARTING -> {}
        case SERVING -> shedSome(now, calls);
        case UNREADY -> {
          endShed(now, calls);
          if (now - phaseEnds >= 0) {
            enter(DrainPhase.MOVING, now);
          }
        }
        case MOVING -> {
          moveSome(now, calls);
          if (roster.size() == 0 || now - phaseEnds >= 0) {
            work.seal();
            mover.allDue(now);
            enter(DrainPhase.SETTLING, now);
          }
        }
        case SETTLING -> {
          settle(now, calls);
          if ((roster.size() == 0 && work.inFlight() == 0) || now - phaseEnds >= 0) {
            enter(DrainPhase.FORCING, now);
          }
        }
        case FORCING -> {
          mover.force(now, calls);
          if ((roster.size() == 0 && work.inFlight() == 0) || now - phaseEnds >= 0) {
            finish(now);
          }
        }
        case DRAINED -> afterDrain(now, calls);
      }
    } while (face.phase() != before && face.phase().draining());
  }

  private void shedSome(long now, List<Call> calls) {
    if (shedLeft > 0) {
      int most = Math.min(shedLeft, roster.waiting.size());
      shedLeft -= mover.move(now, shedEnds, most, spans.hintGrace(), Mover.SHED, calls);
      if (now - shedEnds >= 0) {
        shedLeft = 0;
      }
    }
    endShed(now, calls);
  }

  /** Brings to an end what a shed has begun, also when a drain takes over. */
  private void endShed(long now, List<Call> calls) {
    mover.endHints(now, spans.hintGrace());
    expired(mover.letGoOfIdle(now, calls));
  }

  private void moveSome(long now, List<Call> calls) {
    long lastSlot = phaseEnds - spans.hintGrace();
    mover.move(now, lastSlot, roster.unslotted(), spans.hintGrace(), Mover.DRAIN, calls);
    mover.endHints(now, spans.hintGrace());
    expired(mover.letGoOfIdle(now, calls));
  }

  private void settle(long now, List<Call> calls) {
    mover.allDue(now); // also who was admitted since
    mover.endHints(now, spans.hintGrace());
    expired(mover.letGoOfIdle(now, calls) + work.expire(now));
  }

  private void expired(int leases) {
    if (leases > 0) {
      book.workExpired += face.phase().draining() ? leases : 0;
      Json line = LogCode.WORK_EXPIRED.line().put("leases", leases);
      afterwards.add(() -> journal.warn(line, null));
    }
  }

  private void finish(long now) {
    book.workAbandoned += work.inFlight();
    roster.forEach(tracked -> account(tracked, UNKNOWN, tracked.outcome(Departure.SILENT), now));
    DrainReport receipt = enter(DrainPhase.DRAINED, now);
    book.receipt = receipt;
    afterwards.add(() -> journal.receipt(receipt));
  }

  private void afterDrain(long now, List<Call> calls) {
    mover.force(now, calls); // who slipped in after the receipt
    if (now - phaseEnds >= 0 && book.receipt != null) {
      complete(book, book.receipt);
    }
    if (hookMayReset()) {
      long since = hookClosedAt - phaseSince > 0 ? hookClosedAt : phaseSince;
      if (now - since >= policy.hookReset().toNanos()) {
        resetHook(now);
      }
    }
  }

  /** Whether a preStop hook was answered, and nothing yet says that the process ends. */
  private boolean hookMayReset() {
    return holding.contains(DrainReason.PRE_STOP)
        && openHooks.isEmpty()
        && holding.stream().noneMatch(DrainReason::irrevocable);
  }

  private void resetHook(long now) {
    Json line = LogCode.HOOK_RESET.line().put("afterMs", policy.hookReset().toMillis());
    afterwards.add(() -> journal.warn(line, null));
    holding.remove(DrainReason.PRE_STOP);
    if (holding.isEmpty()) {
      recall(now);
    }
  }

  /** The one place where the phase changes. */
  private DrainReport enter(DrainPhase phase, long now) {
    DrainPhase from = face.phase();
    if (from.draining() && !book.drained) {
      book.phaseTook(from, now - phaseSince);
    }
    if (phase == DrainPhase.DRAINED) {
      book.drained = true;
      book.endedAt = now;
    }
    phaseSince = now;
    // Counted from when the last phase was to end: a late step must not put off the deadline.
    boolean timedOut = from.draining() && now - phaseEnds >= 0;
    phaseEnds = (timedOut ? phaseEnds : now) + spans.of(phase);
    boolean ready = phase == DrainPhase.SERVING || (phase == DrainPhase.UNREADY && keepsReady);
    boolean admits =
        switch (phase) {
          case STARTING, SERVING, UNREADY -> true;
          case MOVING, SETTLING -> policy.handshakes() == DrainPolicy.Handshakes.ADMIT;
          case FORCING, DRAINED -> false; // nobody admitted now would be moved, only cut
        };
    face = new Face(phase, ready, admits);
    DrainReport report = reportAt(now);
    Json line =
        LogCode.of(phase)
            .line()
            .put("phase", phase.name())
            .put("from", from.name())
            .put("epoch", report.epoch())
            .putArray("reasons", phase.draining() ? report.reasons() : List.of())
            .put("ready", ready)
            .put("connections", report.connections())
            .put("workInFlight", report.workInFlight())
            .putMillis("budgetRemaining", report.budgetRemaining());
    afterwards.add(() -> journal.info(line));
    tell(listener -> listener.phaseChanged(from, phase, report));
    return report;
  }

  /** Queued under the lock, so that news keep their order. */
  private void tell(Consumer<DrainListener> news) {
    if (!listeners.tell(news)) {
      afterwards.add(listeners::warnOfDrops);
    }
  }

  /** Completes on a thread of its own, since whatever waits for it may block. */
  private void complete(DrainBook ended, DrainReport receipt) {
    if (ended.completed) {
      return;
    }
    ended.completed = true;
    afterwards.add(
        () -> {
          Thread thread = new Thread(() -> ended.done.complete(receipt), "drain-done");
          thread.setDaemon(true);
          try {
            thread.start();
          } catch (OutOfMemoryError e) { // no thread to be had: better here than never
            ended.done.complete(receipt);
          }
        });
  }

  // ---------------------------------------------------------------- reports

  private long budgetRemaining(long now) {
    DrainPhase phase = face.phase();
    if (!phase.draining()) {
      return 0;
    }
    // What a late step has overrun is taken from what is to come.
    long overrun = Math.max(0, now - phaseEnds);
    return Math.max(0, spans.from(phase, phaseEnds - now).total() - overrun);
  }

  private DrainReport reportAt(long now) {
    DrainPhase phase = face.phase();
    boolean over = book.drained || book.epoch == 0;
    int[] working = {work.inFlight()};
    roster.forEach(tracked -> working[0] += tracked.leases.gate().inside());
    return new DrainReport(
        policy.pod(),
        policy.generation(),
        book.epoch,
        phase,
        face.ready(),
        List.copyOf(book.reasons),
        book.startedAt,
        Duration.ofNanos(book.epoch == 0 ? 0 : (over ? book.endedAt : now) - book.begunAt),
        book.phases(phase, now - phaseSince),
        roster.size(),
        book.tracked,
        book.late,
        phase.draining() ? roster.size() : 0,
        book.outcomes,
        working[0],
        book.workAbandoned,
        book.workExpired,
        oldestWork(now),
        refused.sum() - book.refusedBefore,
        book.failures,
        book.compressed,
        Duration.ofNanos(budgetRemaining(now)),
        book.moves.spread(),
        book.landings.spread(),
        book.slowest());
  }

  private DrainReport.@Nullable OldestWork oldestWork(long now) {
    OldestSearch search = new OldestSearch(now);
    search.consider("pod", work.oldest());
    roster.forEach(search::consider);
    return search.found();
  }

  // ---------------------------------------------------------------- locking

  /** Runs the body under the lock, and what it wants told afterwards without it. */
  private <T extends @Nullable Object> T locked(Supplier<T> body) {
    List<Runnable> after = List.of();
    lock.lock();
    try {
      return body.get();
    } finally {
      // The list itself leaves the lock; while it is empty it stays, and is nobody's to look at.
      if (!afterwards.isEmpty()) {
        after = afterwards;
        afterwards = new ArrayList<>();
      }
      lock.unlock();
      after.forEach(this::tell);
    }
  }

  /** One that fails keeps no other from being told: the next may be the drain's next step. */
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (Throwable e) {
      journal.warn(LogCode.STEP_FAILED.line(), e);
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
      locked(
          () -> {
            if (openHooks.remove(this)) {
              hookClosedAt = clock.nanos();
              tick();
            }
            return null;
          });
    }
  }
}
