package io.gracefuldrain.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.WorkGate;
import io.gracefuldrain.WorkLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The steps of the contract's tests: a drain with a server and its clients. */
abstract class ContractSteps {
  /** Long enough for what should happen at once on a busy machine. */
  private static final Duration SOON = Duration.ofSeconds(30);

  /** A phase of this length ends early, or a test fails. */
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final Duration INSTANT = Duration.ofMillis(100);

  final ContractApplication application = new ContractApplication();
  final Queue<WorkLease> leases = new ConcurrentLinkedQueue<>();
  final List<ContractClient> clients = new ArrayList<>();
  final DrainCoordinator coordinator = DrainCoordinator.create(policy());
  private Optional<ContractServer> server = Optional.empty();
  private Duration soon = SOON;

  /** As {@link DrainableConnectionContract#open}. */
  abstract ContractServer start(DrainCoordinator coordinator, ContractApplication application)
      throws Exception;

  private static DrainPolicy policy() {
    return DrainPolicy.defaults()
        .withReadinessDelayMin(INSTANT)
        .withReadinessDelayMax(INSTANT)
        .withMoveWindow(Duration.ofMillis(300))
        .withHintGrace(INSTANT)
        .withSettleGrace(LONG)
        .withForceTimeout(LONG)
        .withGracePeriod(LONG.multipliedBy(5))
        .withReceipt(DrainPolicy.Receipt.LOG)
        .withPod("contract");
  }

  /** Waits no longer than this, for a test that wants to see the contract fail. */
  final void impatient(Duration bound) {
    soon = bound;
  }

  @BeforeEach
  final void begin() throws Exception {
    server = Optional.of(start(coordinator, application));
    coordinator.started();
  }

  @AfterEach
  final void end() throws Exception {
    leases.forEach(WorkLease::close);
    application.onDisconnected(() -> {});
    try {
      for (ContractClient client : clients) {
        client.close();
      }
      if (server.isPresent()) {
        server.get().close();
      }
    } finally {
      coordinator.close();
    }
  }

  final ContractServer server() {
    return server.orElseThrow();
  }

  final List<ContractClient> connect(int count) throws Exception {
    List<ContractClient> connected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      connected.add(connect());
    }
    return connected;
  }

  final ContractClient connect() throws Exception {
    int before = coordinator.report().connections();
    ContractClient client = server().connect();
    clients.add(client);
    until("the connection", () -> coordinator.report().connections() > before);
    until("its handshake", () -> coordinator.report().workInFlight() == leases.size());
    return client;
  }

  /** Has a client send work that does not end until {@link #finishWork}. */
  final void work(ContractClient client) throws Exception {
    application.onMessage(this::takeLease);
    client.send();
    until("the work", () -> !leases.isEmpty());
    until("its handler", () -> coordinator.report().workInFlight() == leases.size());
    application.onMessage(work -> {});
  }

  private void takeLease(WorkGate work) {
    leases.add(work.begin("contract"));
  }

  /** Holds up a handler, within a bound. */
  final void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(soon.toMillis(), TimeUnit.MILLISECONDS), "never released");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Nobody can see when a message has come as far as the server's socket. */
  static void letItArrive() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
  }

  final void finishWork() {
    for (WorkLease lease = leases.poll(); lease != null; lease = leases.poll()) {
      lease.close();
    }
  }

  final CompletableFuture<DrainReport> drain() {
    return coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture();
  }

  /** Leaves much time for force, and none for work once all connections have ended. */
  final DrainReport force(CompletableFuture<DrainReport> drain) throws Exception {
    tighten(LONG);
    until("no connection", () -> coordinator.report().connections() == 0);
    tighten(Duration.ZERO);
    return receipt(drain);
  }

  private void tighten(Duration within) {
    coordinator.drain(DrainReason.MANUAL).within(within);
  }

  /** The receipt. It comes soon only if the adapter has said of each connection that it left. */
  final DrainReport receipt(CompletableFuture<DrainReport> drain) throws Exception {
    until("the receipt", soon.multipliedBy(2), drain::isDone);
    DrainReport receipt = drain.get();
    assertTrue(receipt.addsUp(), receipt::toText);
    assertEquals(0, receipt.remaining(), receipt::toText);
    return receipt;
  }

  final void awaitPhase(DrainPhase phase) {
    until(phase + " or later", () -> coordinator.phase().compareTo(phase) >= 0);
  }

  final void until(String what, BooleanSupplier condition) {
    until(what, soon, condition);
  }

  private void until(String what, Duration bound, BooleanSupplier condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(
          System.nanoTime() - deadline < 0,
          () -> "not within %s: %s; %s".formatted(bound, what, coordinator.report().toText()));
      LockSupport.parkNanos(5_000_000);
    }
  }
}
