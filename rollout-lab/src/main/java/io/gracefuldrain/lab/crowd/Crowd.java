package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.lean.Client;
import io.gracefuldrain.lab.lean.LeanClients;
import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.ledger.Accounts;
import io.gracefuldrain.lab.ledger.Accounts.Intervals;
import io.gracefuldrain.lab.process.DaemonThreads;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Progress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Clients of several kinds that connect, listen, send and count, until they are stopped.
 *
 * <p>Thread-safe.
 */
public final class Crowd implements AutoCloseable {
  /** How long it waits for the last acknowledgements. */
  private static final long LAST_ACKNOWLEDGEMENTS_MS = 2_000;

  /** How long the goodbyes may take, and a millisecond for each client. */
  private static final long GOODBYE_MS = 500;

  private final CrowdPlan plan;
  private final SteadyClock clock = new SteadyClock();
  private final long beganMs;
  private final Accounts accounts;
  private final List<Client> clients = new ArrayList<>();
  private final ScheduledThreadPoolExecutor schedule;
  private final @Nullable JavaClients javaClients;
  private final @Nullable LeanClients leanClients;
  // When the first order of each client is due: at random, so that some clients always have one in
  // flight.
  private final List<Long> firstOrderMs = new ArrayList<>();
  private final Random random;
  private final Object stopping = new Object();
  // Guarded by stopping.
  private @Nullable CrowdReport report;

  /**
   * Starts a crowd.
   *
   * @throws IllegalArgumentException if the host of the plan is not known
   */
  public static Crowd start(CrowdPlan plan) {
    InetSocketAddress server = new InetSocketAddress(plan.url().getHost(), plan.port());
    if (server.isUnresolved()) {
      throw new IllegalArgumentException(
          "url: " + plan.url() + " (expected: a host that is known)");
    }
    Crowd crowd = new Crowd(plan, server);
    crowd.begin();
    return crowd;
  }

  private Crowd(CrowdPlan plan, InetSocketAddress server) {
    this.plan = plan;
    schedule = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("probe-schedule"));
    schedule.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    int lean = CrowdPlan.count(plan.clients(), true);
    int java = CrowdPlan.count(plan.clients(), false);
    leanClients =
        lean == 0 ? null : new LeanClients(plan.url(), server, plan.feedMs(), clock::nowMs);
    javaClients = java == 0 ? null : new JavaClients(plan, java, clock::nowMs);
    beganMs = clock.nowMs();
    random = new Random(plan.seed());
    accounts = new Accounts(new Intervals(plan.feedMs(), plan.upMs(), orderMs()), plan.seed());
    Map<ClientKind, Integer> counts = plan.clients();
    for (ClientKind kind : ClientKind.values()) {
      for (int i = 0; i < counts.getOrDefault(kind, 0); i++) {
        add(kind);
      }
    }
  }

  private void add(ClientKind kind) {
    int number = clients.size();
    firstOrderMs.add(beganMs + (orderMs() == 0 ? 0 : random.nextInt(orderMs())));
    InetAddress source =
        plan.sources().isEmpty() ? null : plan.sources().get(number % plan.sources().size());
    Account account =
        accounts.open(
            kind,
            source == null ? "" : source.getHostAddress(),
            slotMs(number),
            firstOrderMs.get(number));
    if (leanClients != null && kind.lean()) {
      // Adjacent seeds draw similar numbers at first.
      long seed = (plan.seed() * 1_000_003 + number) * 0x9E37_79B9_7F4A_7C15L;
      clients.add(leanClients.client(kind, source, seed, account));
    } else if (javaClients != null) {
      clients.add(javaClients.client(kind, source, account));
    }
  }

  private int orderMs() {
    return (int) plan.orderEvery().toMillis();
  }

  /** When one of the numbers of a client is due; others are due at whole intervals from then. */
  private long slotMs(int number) {
    return beganMs + (long) plan.upMs() * number / plan.count();
  }

  /** When a client starts, counted from the first. */
  private long startMs(int number) {
    return plan.ramp().toMillis() * number / plan.count();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // these end with the schedule and throw nothing
  private void begin() {
    for (int i = 0; i < clients.size(); i++) {
      Client client = clients.get(i);
      schedule.schedule(client::connect, startMs(i), TimeUnit.MILLISECONDS);
      long untilMs = Math.floorMod(slotMs(i) - clock.nowMs(), plan.upMs());
      schedule.scheduleAtFixedRate(client::sendDue, untilMs, plan.upMs(), TimeUnit.MILLISECONDS);
      if (orderMs() > 0) {
        long untilOrderMs = Math.max(0, firstOrderMs.get(i) - clock.nowMs());
        schedule.scheduleAtFixedRate(
            client::sendDue, untilOrderMs, orderMs(), TimeUnit.MILLISECONDS);
      }
    }
    schedule.schedule(
        () -> new Thread(this::stop, "probe-limit").start(),
        plan.most().toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** How the crowd is doing now. */
  public Progress progress() {
    return accounts.progress();
  }

  /**
   * Ends the crowd and returns what it measured. Emits under way may still be acknowledged; then
   * all clients leave with a goodbye. This takes a few seconds at most. Later calls return the same
   * report.
   */
  public CrowdReport stop() {
    synchronized (stopping) {
      if (report == null) {
        report = end();
      }
      return report;
    }
  }

  private CrowdReport end() {
    long endedMs = clock.nowMs();
    schedule.shutdownNow();
    accounts.endSending(endedMs);
    awaitAcknowledgements();
    long nowMs = clock.nowMs();
    Accounts.Closed closed = accounts.close(nowMs);
    clients.forEach(Client::close);
    pause(GOODBYE_MS + clients.size());
    if (javaClients != null) {
      javaClients.close();
    }
    if (leanClients != null) {
      leanClients.close();
    }
    return new CrowdReport(
        plan.url().toString(),
        beganMs,
        endedMs,
        plan.feedMs(),
        plan.upMs(),
        orderMs(),
        closed.totals(),
        closed.clients());
  }

  private void awaitAcknowledgements() {
    long until = clock.nowMs() + LAST_ACKNOWLEDGEMENTS_MS;
    while (clock.nowMs() < until && accounts.owed() && pause(20)) {}
  }

  /** Waits; returns false at once if the thread is interrupted. */
  private static boolean pause(long ms) {
    try {
      Thread.sleep(ms);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The same as {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }
}
