package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drains one pod: withdraws it, lets its connections go one by one, waits for work in flight, and
 * reports what became of each connection.
 *
 * <pre>{@code
 * DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.fromEnvironment());
 * DrainHttpServer.start(coordinator, 8081); // probes and hooks
 * DrainSignals.install(coordinator, server::stop);
 * server.start();
 * coordinator.started();
 * }</pre>
 *
 * <p>A process has one coordinator, to which each of its servers is attached: a pod has one drain,
 * one deadline and one receipt.
 *
 * <p>An adapter calls {@link #admit} for each new connection and {@link #register(Function)} for
 * each one admitted.
 *
 * <p>Thread-safe; no method blocks. Registering a connection and changing the phase happen under
 * one lock, so nobody slips past a drain. One thread, {@code drain-coordinator}, advances the
 * phase; connections and listeners are called outside the lock, on threads of their own.
 */
public final class DrainCoordinator implements AutoCloseable {
  /** Makes the way to connections. */
  interface CallerFactory {
    ConnectionCaller create(Clockwork clock, Journal journal);
  }

  private final DrainPolicy policy;
  private final Clockwork clock;
  private final Monitor monitor;
  private final Counters counters;
  private final PhaseState state;
  private final StripedGate work;
  private final Listeners listeners;
  private final ConnectionCaller caller;
  private final CrashPlans plans;
  private final ConnectionRegistry registry;
  private final ReportBuilder reports;
  private final Shed shed;
  private final DrainLifecycle lifecycle;
  private final PreStopHooks hooks;
  private final Participants participants;
  private final CompletableFuture<Void> startedSignal = new CompletableFuture<>();

  /**
   * A coordinator in {@link DrainPhase#STARTING}.
   *
   * @throws IllegalArgumentException if two settings of the policy contradict each other; or if its
   *     budget does not fit in its grace period, unless the policy says to warn only
   */
  public static DrainCoordinator create(DrainPolicy policy) {
    boolean inKubernetes = System.getenv("KUBERNETES_SERVICE_HOST") != null;
    Journal journal = new Journal(policy, System.out, new SerialThread("drain-log"));
    return new DrainCoordinator(
        policy, new SystemClockwork(), journal, inKubernetes, CallWorkers::new);
  }

  DrainCoordinator(
      DrainPolicy policy,
      Clockwork clock,
      Journal journal,
      boolean inKubernetes,
      CallerFactory callers) {
    try {
      CoordinatorParts.check(policy, journal);
    } catch (IllegalArgumentException e) {
      clock.close();
      throw e;
    }
    this.policy = policy;
    this.clock = clock;
    this.listeners = new Listeners(journal);
    this.caller = callers.create(clock, journal);
    CoordinatorParts parts = CoordinatorParts.create(policy, clock, journal, listeners, caller);
    this.monitor = parts.monitor();
    this.counters = parts.counters();
    this.state = parts.state();
    this.work = parts.work();
    this.reports = parts.reports();
    SlotScheduler scheduler = new SlotScheduler(parts);
    this.plans = new CrashPlans(parts);
    this.registry = new ConnectionRegistry(parts, scheduler, plans);
    this.shed = new Shed(parts, scheduler);
    this.participants = new Participants(parts);
    this.lifecycle = new DrainLifecycle(parts, inKubernetes, shed, registry, participants);
    this.hooks = new PreStopHooks(parts, lifecycle);
    caller.onFailure(registry::failed);
    parts.steps().drive(new DrainLoop(parts, scheduler, shed, lifecycle, hooks));
  }

  // ---------------------------------------------------------------- what anybody may ask

  /** This coordinator's settings. */
  public DrainPolicy policy() {
    return policy;
  }

  /**
   * The name of this process, or rather of this coordinator's life: letters, digits, {@code -} and
   * {@code _}, made anew each time. A container that is restarted in place has the name and the
   * generation of the one before, and another epoch.
   */
  public String processEpoch() {
    return state.process();
  }

  /** The phase of the pod. */
  public DrainPhase phase() {
    return state.phase();
  }

  /** The readiness probe's answer. */
  public boolean ready() {
    return state.face().ready() && !state.closed();
  }

  /** Whether new connections are admitted now. An adapter asks {@link #admit} instead. */
  public boolean admits() {
    return state.face().admits();
  }

  /**
   * Decides whether a new connection is admitted, and counts its handshake if it is refused. A
   * client that comes with a reconnect ticket is not admitted by the process that has issued it,
   * while that process drains. Where the policy has affinity cookies it is not admitted at all: the
   * adapter's refusal expires these.
   *
   * @param ticket the ticket, or null; one that cannot be read counts as none
   */
  public boolean admit(@Nullable String ticket) {
    boolean own = ticket != null && state.issuedHere(ticket);
    boolean admitted = state.admits(own);
    if (own && state.phase() == DrainPhase.SERVING) {
      counters.shedCameBack.increment();
    }
    if (!admitted) {
      counters.refused.increment();
    }
    return admitted;
  }

  /**
   * The window over which the clients of this pod are to come back if the pod crashes; zero if the
   * policy has none. An adapter tells it to each aware client that connects. Later changes come
   * through {@link DrainableConnection#plan}.
   */
  public Duration crashWindow() {
    return monitor.get(plans::window);
  }

  /** Admission of work that belongs to the pod and not to one connection. */
  public WorkGate work() {
    return work;
  }

  /** Whether the application has started. True as soon as {@link #ready()} may be. */
  public boolean hasStarted() {
    return state.started() && !startedSignal.isCompletedExceptionally();
  }

  /**
   * Completes when the application has started. Each call has a completion of its own, on a thread
   * of its own; a caller cannot complete it. It fails with an {@link IllegalStateException} if the
   * coordinator is closed before.
   */
  public CompletionStage<Void> whenStarted() {
    CompletableFuture<Void> own =
        startedSignal.isDone()
            ? startedSignal
            : startedSignal.whenCompleteAsync((done, failure) -> {}, Announcements::onThread);
    return own.minimalCompletionStage();
  }

  /** Whether the coordinator is alive: true until it is closed. */
  public boolean alive() {
    return !state.closed();
  }

  /**
   * How long stopping the servers may take after the drain: what that leaves of the grace period,
   * which counts from the first request that ends the process. If nothing ends it, the stop margin.
   * When the platform has given up waiting it is one second, and never less.
   */
  public Duration stopBudget() {
    return monitor.get(lifecycle::stopBudget);
  }

  /** This coordinator's counts since its creation. */
  public DrainTotals totals() {
    return counters.totals(listeners.drops());
  }

  /** The drain as it stands, or the last one when there is none now. */
  public DrainReport report() {
    return monitor.get(() -> reports.at(clock.nanos()));
  }

  /** The sessions that this pod keeps for others; the hand-over asks it, no application does. */
  public KeptSessions keptSessions() {
    return registry.kept();
  }

  /** How many bytes are kept for other pods now. */
  long roomOfKept() {
    return counters.handOver.room.get();
  }

  /** Adds a listener for everything that happens after this call. */
  public void addListener(DrainListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /** Removes a listener. */
  public void removeListener(DrainListener listener) {
    listeners.remove(listener);
  }

  /**
   * Adds what must begin to stop at a phase, and is waited for: a message consumer, a scheduler, a
   * pool.
   *
   * <pre>{@code
   * coordinator.at(DrainPhase.UNREADY, "orders", timeLeft -> loop.rests(), loop::goesOn);
   * }</pre>
   *
   * <p>Each has a thread of its own, so either function may block. The drain waits until the
   * completion of {@code stop}, as for a {@linkplain #work lease} of the pod with this name, within
   * its own time. It goes on without one that fails, which is logged and counted as a failure. A
   * recall waits no longer, and has {@code undo} called if {@code stop} was; never before it has
   * returned. One that is added when the phase has come is asked at once; from {@link
   * DrainPhase#SETTLING} on, nobody waits for it.
   *
   * @param phase {@link DrainPhase#UNREADY} or {@link DrainPhase#MOVING}
   * @param name shown in the status, in the log and in the name of its thread
   * @param stop begins to stop; its argument is how long the drain waits at most. It completes when
   *     it has stopped
   * @param undo begins anew, after a recall
   * @return removes it when closed: it is asked nothing more, nor waited for
   * @throws IllegalArgumentException if it is another phase, or the name is blank
   * @throws IllegalStateException if the coordinator is closed
   */
  public Registration at(
      DrainPhase phase, String name, Function<Duration, CompletionStage<?>> stop, Runnable undo) {
    return participants.add(
        Objects.requireNonNull(phase, "phase"),
        Objects.requireNonNull(name, "name"),
        Objects.requireNonNull(stop, "stop"),
        Objects.requireNonNull(undo, "undo"));
  }

  // ---------------------------------------------------------------- what starts and ends things

  /** The application has started. A drain that has begun meanwhile continues. */
  public void started() {
    monitor.run(lifecycle::started);
    startedSignal.complete(null);
  }

  /**
   * Starts a drain, or joins the current one:
   *
   * <pre>{@code
   * Drain drain = coordinator.drain(DrainReason.MANUAL).within(Duration.ofSeconds(20));
   * drain.done().thenAccept(receipt -> log.info(receipt.toText()));
   * }</pre>
   *
   * @throws IllegalStateException if the coordinator is closed
   */
  public Drain drain(DrainReason reason) {
    return ask(reason, null);
  }

  /**
   * Starts or joins a drain, and says what it is for. The note is shown in the receipt, in the log
   * and in the status, which is open: no secrets.
   *
   * @param note at most 200 visible characters
   * @throws IllegalArgumentException if the note is blank or too long, or has a character that
   *     cannot be seen
   * @throws IllegalStateException if the coordinator is closed
   */
  public Drain drain(DrainReason reason, String note) {
    return ask(reason, Note.checked(Objects.requireNonNull(note, "note")));
  }

  private Drain ask(DrainReason reason, @Nullable String note) {
    Objects.requireNonNull(reason, "reason");
    // Asked before the lock: it may write to a connection.
    boolean abandoned = reason.followsHook() && hooks.anyReachable();
    return monitor.get(
        () -> {
          DrainRecord record = lifecycle.drain(reason, note, abandoned);
          return new Drain(monitor, lifecycle, record, record.waiter(reason));
        });
  }

  /**
   * Starts or joins a drain for one request of the preStop hook.
   *
   * @param stillThere whether the caller can still be reached; asked when SIGTERM comes while the
   *     request is open, and may take some milliseconds
   * @throws IllegalStateException if the coordinator is closed
   */
  public PreStopCall preStop(BooleanSupplier stillThere) {
    Objects.requireNonNull(stillThere, "stillThere");
    return hooks.open(stillThere, () -> drain(DrainReason.PRE_STOP).done());
  }

  /**
   * Recalls a drain that a person or the preStop hook asked for, also after {@link
   * DrainPhase#DRAINED}: the pod serves again. Open requests of the hook are answered, so a kubelet
   * that has asked will send its SIGTERM, and that begins a drain of its own.
   *
   * @throws IllegalStateException if nothing drains, or a signal or the end of the process has
   *     asked for the drain
   */
  public void resume() {
    monitor.run(lifecycle::resume);
  }

  /**
   * Lets some idle connections go while serving, paced over the move window, for instance to
   * rebalance after a scale-up. Busy ones stay, so fewer may go. Some seconds after its end the log
   * says how many were asked to go, and how many aware ones came back to this process.
   *
   * @return how many are to go, at most as many as there are
   * @throws IllegalArgumentException if the count is not more than zero
   * @throws IllegalStateException if the pod is not serving
   */
  public int shed(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("shed: " + count + " (expected: >= 1)");
    }
    return monitor.get(() -> shed.begin(count, clock.nanos()));
  }

  /**
   * Tracks a connection that is made with its handle:
   *
   * <pre>{@code
   * Session session = coordinator.register(handle -> new Session(handle, channel));
   * }</pre>
   *
   * <p>The handle works before the connection is tracked, and so before a drain may call it. A
   * connection that is busy from the start, for instance with its handshake, takes its lease there
   * ({@link ConnectionHandle#tryEnter} or {@code tryBegin}): it is then tracked busy. One that has
   * {@linkplain ConnectionHandle#left left} there is not tracked, but its work is. One that comes
   * while others are let go is let go as soon as it is idle.
   *
   * @param connecting makes the connection; called once, without a lock, before this returns
   * @return the connection
   */
  @SuppressWarnings("unchecked") // it is the one that was made
  public <C extends DrainableConnection> C register(
      Function<? super ConnectionHandle, C> connecting) {
    Objects.requireNonNull(connecting, "connecting");
    return (C) registry.register(connecting).connection;
  }

  /**
   * As {@link #register(Function)}, for a connection that need not know its handle at once: a drain
   * may call it before this returns.
   *
   * @return the handle through which its adapter reports to the coordinator
   */
  public ConnectionHandle register(DrainableConnection connection) {
    Objects.requireNonNull(connection, "connection");
    return registry.register(handle -> connection);
  }

  /**
   * Ends the coordinator's threads. A drain in progress is not continued: what waits for it, or for
   * the start, completes with an {@link IllegalStateException}. Idempotent.
   */
  @Override
  public void close() {
    monitor.run(lifecycle::close);
    startedSignal.completeExceptionally(
        new IllegalStateException(
            "the coordinator was closed in " + phase() + " (expected: once it has started)"));
    clock.close();
    caller.close();
    listeners.close();
  }
}
