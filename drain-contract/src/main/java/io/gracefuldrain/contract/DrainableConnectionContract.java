package io.gracefuldrain.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What the drain expects of an adapter. A test that extends it gives a server with clients; see
 * {@link ContractApplication}. It runs with real sockets, waits on conditions, and takes some
 * seconds. Each drain's receipt must add up.
 */
public abstract class DrainableConnectionContract extends ContractSteps {
  /** For the adapter's test. */
  protected DrainableConnectionContract() {}

  /**
   * Opens a server of the adapter, whose connections the coordinator tracks.
   *
   * @param application what the server calls where it calls its user's code
   */
  protected abstract ContractServer open(
      DrainCoordinator coordinator, ContractApplication application) throws Exception;

  @Override
  final ContractServer start(DrainCoordinator coordinator, ContractApplication application)
      throws Exception {
    return open(coordinator, application);
  }

  // ---------------------------------------------------------------- it ends, for each manner

  @Test
  @DisplayName("Idle clients are let go, and their connections end")
  final void letGo_idle_ends() throws Exception {
    List<ContractClient> idle = connect(3);

    DrainReport receipt = receipt(drain());

    assertEquals(3, receipt.count(Outcome.CLOSED), receipt::toText);
    until("the clients' ends", () -> idle.stream().noneMatch(ContractClient::connected));
  }

  @Test
  @DisplayName("A client that is let go while the pod serves ends, too")
  final void letGo_shed_ends() throws Exception {
    connect(2);

    coordinator.shed(1);

    until("one connection", () -> coordinator.report().connections() == 1);
  }

  @Test
  @DisplayName("A busy client stays until its work is done")
  final void letGo_busy_waitsForItsWork() throws Exception {
    ContractClient busy = connect();
    work(busy);

    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.SETTLING);

    assertTrue(busy.connected(), "a client that waits for its work is cut");
    finishWork();
    DrainReport receipt = receipt(drain);
    assertEquals(1, receipt.count(Outcome.CLOSED), receipt::toText);
    assertEquals(0, receipt.workAbandoned(), receipt::toText);
  }

  @Test
  @DisplayName("A message that waits behind the last work is dispatched before the end")
  final void letGo_messageBehindTheLastWork_isDispatched() throws Exception {
    ContractClient busy = connect();
    CountDownLatch done = new CountDownLatch(1);
    application.onMessage(work -> await(done));
    busy.send();
    until("the handler", () -> application.messages() == 1);
    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.SETTLING);

    busy.send(); // it is read once the handler has returned, which is the moment of the seal
    letItArrive();
    done.countDown();

    DrainReport receipt = receipt(drain);
    assertEquals(2, application.messages(), receipt::toText);
    assertEquals(1, receipt.count(Outcome.CLOSED), receipt::toText);
  }

  @Test
  @DisplayName("A client whose work never ends is ended by force")
  final void force_busy_ends() throws Exception {
    ContractClient busy = connect();
    work(busy);

    DrainReport receipt = force(drain());

    assertEquals(1, receipt.count(Outcome.FORCED), receipt::toText);
    assertEquals(1, receipt.workAbandoned(), receipt::toText);
    until("the client's end", () -> !busy.connected());
  }

  @Test
  @DisplayName("Force ends a client that letting go did not end")
  final void force_afterLetGo_ends() throws Exception {
    List<ContractClient> all = connect(3);
    all.get(0).stall();
    work(all.get(1)); // so that the drain goes on

    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.SETTLING);
    DrainReport receipt = force(drain);

    int ended = receipt.count(Outcome.CLOSED) + receipt.count(Outcome.FORCED);
    assertEquals(3, ended, receipt::toText);
  }

  @Test
  @DisplayName("Force ends a client at once whose end would take long")
  final void force_slowReader_endsAtOnce() throws Exception {
    connect().readSlowly();
    work(connect()); // so that the drain goes on

    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.SETTLING);
    assertEquals(2, coordinator.report().connections(), "connections while one still reads");
    DrainReport receipt = force(drain);

    assertEquals(2, receipt.count(Outcome.FORCED), receipt::toText);
  }

  @Test
  @DisplayName("What a client sends after its end is not dispatched, and keeps no connection")
  final void letGo_clientThatSendsOn_isClosed() throws Exception {
    ContractClient client = connect();
    client.stall(); // it keeps its own side open, and may send
    work(connect()); // so that the drain goes on
    CompletableFuture<DrainReport> drain = drain();
    until("the client's end", () -> !client.connected());
    int before = application.messages();
    application.onMessage(work -> leases.add(work.begin("after the end")));

    try {
      client.send();
    } catch (IOException | UncheckedIOException e) {
      // The server has closed the connection already.
    }
    client.close();

    until("one connection", () -> coordinator.report().connections() == 1);
    finishWork();
    DrainReport receipt = receipt(drain);
    assertEquals(before, application.messages(), "messages dispatched");
    assertEquals(2, receipt.count(Outcome.CLOSED), receipt::toText);
  }

  // ---------------------------------------------------------------- foreign code that throws

  @Test
  @DisplayName("An exception at a client's end keeps no connection")
  final void disconnected_throwsAnException_isLetGo() throws Exception {
    letGoThoughItThrows(() -> new IllegalStateException("thrown by the contract"));
  }

  @Test
  @DisplayName("An error at a client's end keeps no connection")
  final void disconnected_throwsAnError_isLetGo() throws Exception {
    letGoThoughItThrows(() -> new NoClassDefFoundError("thrown by the contract"));
  }

  private void letGoThoughItThrows(Supplier<Throwable> thrown) throws Exception {
    connect(3);
    application.onDisconnected(() -> sneak(thrown.get()));

    DrainReport receipt = receipt(drain());

    assertEquals(3, receipt.count(Outcome.CLOSED), receipt::toText);
  }

  @Test
  @DisplayName("An error at the end of a client that leaves keeps no connection")
  final void disconnected_throwsAnError_leaves() throws Exception {
    ContractClient client = connect();
    application.onDisconnected(() -> sneak(new NoClassDefFoundError("thrown by the contract")));

    client.leave();

    until("no connection", () -> coordinator.report().connections() == 0);
  }

  @Test
  @DisplayName("An error at the end of a client that is forced keeps no connection")
  final void disconnected_throwsAnError_isForced() throws Exception {
    work(connect());
    application.onDisconnected(() -> sneak(new NoClassDefFoundError("thrown by the contract")));

    DrainReport receipt = force(drain());

    assertEquals(1, receipt.count(Outcome.FORCED), receipt::toText);
  }

  @Test
  @DisplayName("A message whose handler throws leaves no work behind")
  final void message_throws_leavesNoWork() throws Exception {
    connect();
    application.onMessage(work -> sneak(new NoClassDefFoundError("thrown by the contract")));

    clients.get(0).send();

    until("the message", () -> application.messages() > 0);
    until("no work in flight", () -> coordinator.report().workInFlight() == 0);
    receipt(drain()); // whether the server keeps such a client is its own affair
  }

  @Test
  @DisplayName("A client whose connect callback throws leaves no work behind")
  final void connected_throws_leavesNoWork() throws Exception {
    application.onConnected(work -> sneak(new NoClassDefFoundError("thrown by the contract")));
    try {
      clients.add(server().connect());
    } catch (Exception e) {
      // The server may refuse such a client.
    }

    until("no work in flight", () -> coordinator.report().workInFlight() == 0);
    receipt(drain());
  }

  // ---------------------------------------------------------------- left before, in, after close

  @Test
  @DisplayName("A client that has left is no connection any more")
  final void left_beforeClose_isGone() throws Exception {
    List<ContractClient> both = connect(2);

    both.get(0).leave();
    until("one connection", () -> coordinator.report().connections() == 1);

    DrainReport receipt = receipt(drain());
    assertEquals(1, receipt.tracked(), receipt::toText);
  }

  @Test
  @DisplayName("Clients that leave while they are let go have one outcome each")
  final void left_inClose_hasOneOutcome() throws Exception {
    List<ContractClient> all = connect(12);

    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.MOVING);
    for (ContractClient client : all) {
      client.leave();
    }

    assertEquals(12, receipt(drain).tracked());
  }

  @Test
  @DisplayName("A client that says goodbye after it was let go changes nothing")
  final void left_afterClose_changesNothing() throws Exception {
    ContractClient client = connect();

    DrainReport receipt = receipt(drain());
    client.leave();

    assertEquals(1, receipt.count(Outcome.CLOSED), receipt::toText);
    assertTrue(coordinator.report().addsUp(), () -> coordinator.report().toText());
  }

  // ---------------------------------------------------------------- admission

  @Test
  @DisplayName("Nobody is admitted once clients are let go, nor after the drain")
  final void admission_oncePastTheGate_isRefused() throws Exception {
    work(connect());

    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.MOVING);
    refused();
    finishWork();
    DrainReport receipt = receipt(drain);
    refused();

    assertEquals(1, receipt.tracked(), receipt::toText);
    assertTrue(receipt.handshakesRefused() >= 1, "handshakes refused: none");
    assertEquals(0, coordinator.report().connections());
  }

  private void refused() {
    assertThrows(Exception.class, () -> clients.add(server().connect()), "admitted, not refused");
  }

  @Test
  @DisplayName("A client is busy while its connect callback runs, which may take leases")
  final void admission_connectCallback_isWorkInFlight() throws Exception {
    AtomicInteger inFlight = new AtomicInteger();
    application.onConnected(
        work -> {
          inFlight.set(coordinator.report().workInFlight());
          leases.add(work.begin("welcome"));
        });
    ContractClient client = connect();
    until("the connect callback", () -> !leases.isEmpty());
    assertTrue(inFlight.get() >= 1, "work in flight in the connect callback: " + inFlight);

    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.SETTLING);

    assertTrue(client.connected(), "a client that waits for its welcome is cut");
    finishWork();
    assertEquals(1, receipt(drain).count(Outcome.CLOSED));
  }

  // ---------------------------------------------------------------- work that outlives

  @Test
  @DisplayName("The work of a client that has left is waited for")
  final void work_ofAClientThatHasLeft_isWaitedFor() throws Exception {
    ContractClient client = connect();
    work(client);
    client.leave();
    until("no connection", () -> coordinator.report().connections() == 0);
    assertEquals(1, coordinator.report().workInFlight());

    CompletableFuture<DrainReport> drain = drain();
    awaitPhase(DrainPhase.SETTLING);
    assertFalse(drain.isDone(), "the drain does not wait for the work");
    finishWork();

    assertEquals(0, receipt(drain).workAbandoned());
  }

  @Test
  @DisplayName("The work of a client that has left is counted when it is cut")
  final void work_ofAClientThatHasLeft_isCountedWhenCut() throws Exception {
    ContractClient client = connect();
    work(client);
    client.leave();
    until("no connection", () -> coordinator.report().connections() == 0);

    DrainReport receipt = force(drain());

    assertEquals(1, receipt.workAbandoned(), receipt::toText);
  }

  // ---------------------------------------------------------------- recall

  @Test
  @DisplayName("A client that a recall keeps goes on as before")
  final void recall_busyClient_goesOn() throws Exception {
    ContractClient client = connect();
    work(client);
    var unused = drain();
    awaitPhase(DrainPhase.SETTLING);

    coordinator.resume();
    finishWork();
    int before = application.messages();
    client.send();

    until("the message", () -> application.messages() > before);
    assertTrue(client.connected(), "a client that was kept is cut");
  }

  /** Throws anything. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
