package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainPolicy.BudgetCheck;
import io.gracefuldrain.DrainPolicy.Handshakes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A pod and a plain account of it side by side: random steps go to both, and after each the two
 * must agree.
 */
final class DrainModel {
  private static final List<DrainReason> REASONS = List.of(DrainReason.values());

  private final Random random;
  private final List<String> problems = new ArrayList<>();
  private final VirtualPod pod;
  private final DrainCoordinator coordinator;
  private final OutcomeBook book;
  private final Deque<String> steps = new ArrayDeque<>();

  // The plain account: the clients here, the clients on the drain's list, and the reasons that hold
  // the drain.
  private final Map<String, ModelClient> present = new LinkedHashMap<>();
  private final List<ModelClient> everybody = new ArrayList<>();
  private final List<WorkLease> podWork = new ArrayList<>();
  private final List<PreStopCall> hooks = new ArrayList<>();
  private final Set<DrainReason> holding = EnumSet.noneOf(DrainReason.class);
  private int tracked;
  private Duration deadline = Duration.ZERO;
  private CompletionStage<DrainReport> done;
  private int lateEntries;

  DrainModel(long seed) {
    random = new Random(seed);
    pod = VirtualPod.serving(policy());
    coordinator = pod.coordinator;
    book = new OutcomeBook(present::remove);
    coordinator.addListener(book);
  }

  private DrainPolicy policy() {
    Pacing[] pacings = {
      Pacing.even(),
      Pacing.atRate(5),
      Pacing.inBatches(3, Duration.ofMillis(1 + random.nextInt(500))),
      Pacing.inBatches(1, Duration.ofMillis(3))
    };
    Duration window = millis(8000);
    Duration readiness = millis(3000);
    return VirtualPod.policy()
        .withBudgetCheck(BudgetCheck.WARN)
        .withReadinessDelayMax(readiness)
        .withReadinessDelayMin(readiness.dividedBy(1 + random.nextInt(4)))
        .withMoveWindow(window)
        .withHintGrace(window.dividedBy(1 + random.nextInt(9)))
        .withSettleGrace(millis(4000))
        .withForceTimeout(millis(1000))
        .withLinger(random.nextInt(3) == 0 ? millis(2000) : Duration.ZERO)
        .withHookReset(Duration.ofSeconds(1).plus(millis(3000)))
        .withPacing(pacings[random.nextInt(pacings.length)])
        .withHandshakes(random.nextBoolean() ? Handshakes.ADMIT : Handshakes.REFUSE);
  }

  /** Up to so many milliseconds, and now and then none. */
  private Duration millis(int most) {
    return Duration.ofMillis(random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(most));
  }

  /** Takes so many steps; returns how many messages came between a seal and a close. */
  int run(int count) throws Exception {
    try {
      for (int i = 0; i < count; i++) {
        step();
        check();
      }
      end();
      return lateEntries;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("after " + steps + " on a clock that " + pod.clock, e);
    } finally {
      pod.close();
    }
  }

  private void step() {
    switch (random.nextInt(27)) {
      case 0, 1, 2, 3, 4 -> arrive();
      case 5, 6 -> depart();
      case 7, 8, 9 -> beginWork();
      case 10, 11, 12 -> endWork();
      case 13 -> podWork();
      case 14 -> drain();
      case 15 -> resume();
      case 16 -> hook();
      case 17 -> shed();
      case 18 -> {
        note("stall");
        pod.clock.stall(millis(1500));
      }
      case 19, 20, 21 -> beforeClose();
      default -> advance(millis(1200));
    }
  }

  private void note(String step) {
    steps.add(step);
    if (steps.size() > 40) {
      steps.remove();
    }
  }

  private void arrive() {
    for (int i = random.nextInt(6); i >= 0; i--) {
      ModelClient member = new ModelClient("m" + everybody.size(), pod, random, problems);
      note("arrive " + member);
      everybody.add(member);
      present.put(member.client.id(), member);
      tracked += coordinator.phase().draining() ? 1 : 0;
    }
  }

  private ModelClient somebody() {
    return everybody.isEmpty() ? null : everybody.get(random.nextInt(everybody.size()));
  }

  private void depart() {
    ModelClient member = somebody();
    if (member != null) {
      note("depart " + member);
      if (random.nextInt(3) == 0) {
        member.client.land(millis(100));
      }
      leave(member);
    }
  }

  private void leave(ModelClient member) {
    member.leave(random.nextBoolean() ? Departure.GOODBYE : Departure.SILENT);
    present.remove(member.client.id());
  }

  private void beginWork() {
    ModelClient member = somebody();
    if (member == null) {
      return;
    }
    note("work " + member);
    boolean sealed = member.client.handle().sealed();
    if (member.inFlight() > 0 && !member.leases.isEmpty() && random.nextBoolean()) {
      member.leases.add(member.leases.get(0).begin("inner")); // cannot fail, sealed or not
    } else if (random.nextInt(3) == 0) {
      boolean busy = member.inFlight() > 0;
      boolean entered = member.client.handle().tryEnter();
      // Work in flight that is to come to its end lets no dispatch begin beside it.
      assertThat(entered ? !sealed : sealed || busy).isTrue();
      member.dispatches += entered || late(member) ? 1 : 0;
    } else {
      Duration limit = random.nextBoolean() ? Duration.ofMillis(1 + random.nextInt(5000)) : null;
      WorkLease lease =
          limit == null
              ? member.client.handle().tryBegin("work")
              : member.client.handle().tryBegin("work", limit);
      assertThat(lease == null).isEqualTo(sealed);
      if (lease != null) {
        member.leases.add(lease);
      }
    }
  }

  /** A few things happen to somebody who was asked to close and whose close has not begun. */
  private void beforeClose() {
    List<ModelClient> asked =
        present.values().stream()
            .filter(member -> !member.client.closes.isEmpty() && !member.closing())
            .toList();
    if (asked.isEmpty()) {
      return;
    }
    ModelClient member = asked.get(random.nextInt(asked.size()));
    for (int i = random.nextInt(6); i >= 0 && !member.closing() && !member.left; i--) {
      beforeClose(member);
    }
  }

  private void beforeClose(ModelClient member) {
    switch (random.nextInt(3)) {
      case 0 -> {
        boolean entered = member.client.handle().tryEnter(); // it came late already, or was kept
        member.dispatches += entered || late(member) ? 1 : 0;
      }
      case 1 -> {
        if (member.dispatches > 0) {
          note("done " + member);
          member.dispatches--;
          member.client.handle().exit();
        }
      }
      default -> {
        note("close of " + member);
        member.beginClose();
        if (member.left) {
          forget(member);
        }
      }
    }
  }

  /** A message between the seal and the close. */
  private boolean late(ModelClient member) {
    if (member.closing()) {
      return false; // its adapter does not ask
    }
    note("late " + member);
    boolean here = present.containsKey(member.client.id()) && !member.forced();
    boolean entered = member.client.handle().tryEnterLate();
    if (entered) {
      assertThat(here).as("%s is here, and not forced", member).isTrue();
      assertThat(member.client.handle().sealed()).isFalse();
      lateEntries++;
    } else if (here) {
      assertThat(coordinator.phase()).isEqualTo(DrainPhase.SETTLING); // in its last second
    }
    return entered;
  }

  private void endWork() {
    ModelClient member = somebody();
    if (member != null && member.inFlight() > 0) {
      note("done " + member);
      if (member.dispatches > 0) {
        member.dispatches--;
        member.client.handle().exit();
      } else {
        member.leases.remove(random.nextInt(member.leases.size())).close();
      }
    }
  }

  private void podWork() {
    podWork.removeIf(WorkLease::expired);
    if (!podWork.isEmpty() && random.nextBoolean()) {
      podWork.remove(0).close();
      return;
    }
    boolean sealed = coordinator.work().sealed();
    WorkLease lease = coordinator.work().tryBegin("request", Duration.ofSeconds(2));
    assertThat(lease == null).isEqualTo(sealed);
    if (lease != null) {
      podWork.add(lease);
    }
  }

  private void drain() {
    DrainReason reason =
        random.nextInt(4) > 0 ? DrainReason.MANUAL : REASONS.get(random.nextInt(REASONS.size()));
    Duration within = random.nextInt(3) == 0 ? millis(6000) : null;
    note("drain " + reason + " within " + within);
    boolean abandoned =
        reason.followsHook()
            && !hooks.isEmpty()
            && (done == null
                || !coordinator.phase().draining()
                || !done.toCompletableFuture().isDone());
    begin(reason);
    Drain drain = coordinator.drain(reason);
    if (within != null) {
      drain.within(within);
    }
    done = drain.done();
    if (within != null) {
      tighten(within);
    }
    if (abandoned
        && coordinator.report().budgetRemaining().compareTo(DrainLifecycle.LAST_NOTICE) <= 0) {
      tighten(DrainLifecycle.LAST_NOTICE);
    }
  }

  /** Before the coordinator is told: every client here is on a new drain's list. */
  private void begin(DrainReason reason) {
    if (!coordinator.phase().draining()) {
      tracked = present.size();
      holding.clear();
      deadline = pod.clock.elapsed().plus(coordinator.policy().total());
    }
    holding.add(reason);
  }

  private void tighten(Duration within) {
    Duration tighter = pod.clock.elapsed().plus(within);
    deadline = tighter.compareTo(deadline) < 0 ? tighter : deadline;
  }

  private void hook() {
    if (!hooks.isEmpty() && random.nextBoolean()) {
      note("hook closes");
      hooks.remove(0).close();
    } else if (random.nextInt(3) == 0) {
      note("hook");
      begin(DrainReason.PRE_STOP);
      PreStopCall call = coordinator.preStop(() -> true);
      done = call.done();
      hooks.add(call);
    }
  }

  private void resume() {
    note("resume");
    boolean irrevocable =
        holding.contains(DrainReason.SIGTERM)
            || holding.contains(DrainReason.SIGINT)
            || holding.contains(DrainReason.SIGHUP)
            || holding.contains(DrainReason.SHUTDOWN);
    if (!coordinator.phase().draining() || irrevocable) {
      assertThatThrownBy(coordinator::resume)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("resume: ");
    } else {
      coordinator.resume();
      assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
    }
  }

  private void shed() {
    if (coordinator.phase() == DrainPhase.SERVING) {
      int count = 1 + random.nextInt(20);
      note("shed " + count);
      assertThat(coordinator.shed(count)).isLessThanOrEqualTo(present.size());
    }
  }

  private void advance(Duration by) {
    note("advance " + by.toMillis());
    for (ModelClient member : everybody) {
      if (member.leavesLater && random.nextInt(3) == 0) {
        member.leavesLater = false;
        leave(member);
      }
      if (random.nextInt(3) == 0) {
        member.beginClose();
      }
    }
    pod.advance(by);
    everybody.stream().filter(member -> member.left).forEach(this::forget);
    if (coordinator.phase().draining()
        && pod.clock.elapsed().compareTo(deadline.plus(Times.TICK)) >= 0) {
      if (coordinator.phase() == DrainPhase.FORCING) {
        // A step that comes too late asks everybody to go, and the next one ends the drain.
        pod.advance(Times.TICK);
        everybody.stream().filter(member -> member.left).forEach(this::forget);
      }
      assertThat(coordinator.phase()).as("past its deadline").isEqualTo(DrainPhase.DRAINED);
    }
  }

  private void forget(ModelClient member) {
    present.remove(member.client.id());
  }

  private void check() throws InterruptedException {
    book.catchUp(coordinator);
    DrainReport report = coordinator.report();
    assertThat(problems).isEmpty();
    assertThat(report.addsUp()).as("%s", report).isTrue();
    assertThat(report.connections()).isEqualTo(present.size());
    if (report.phase().draining()) {
      assertThat(report.tracked()).as("tracked").isEqualTo(tracked);
      assertThat(report.remaining()).as("remaining").isEqualTo(present.size());
    } else {
      assertThat(report.remaining()).isZero();
    }
    if (report.epoch() > 0) {
      assertThat(report.outcomes()).isEqualTo(book.outcomes());
    }
    assertThat(present.values())
        .as("what is sealed and idle has been asked to close")
        .allMatch(
            member -> member.asked() || member.inFlight() > 0 || !member.client.handle().sealed());
    podWork.removeIf(WorkLease::expired);
    assertThat(report.workInFlight())
        .as("work in flight")
        .isEqualTo(podWork.size() + everybody.stream().mapToInt(ModelClient::inFlight).sum());
    assertThat(coordinator.work().sealed())
        .isEqualTo(report.phase().compareTo(DrainPhase.SETTLING) >= 0);
  }

  /** A termination now is done in time, after any steps, and counts every client. */
  private void end() throws Exception {
    note("the end");
    boolean drained = coordinator.phase() == DrainPhase.DRAINED;
    begin(DrainReason.SIGTERM);
    done = coordinator.drain(DrainReason.SIGTERM).done();
    hooks.forEach(PreStopCall::close);
    advance(coordinator.policy().total().plus(Times.TICK));
    check();
    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.remaining()).isZero();
    assertThat(receipt.addsUp()).isTrue();
    assertThat(receipt.workAbandoned()).as("what was cut").isEqualTo(receipt.workInFlight());
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.DRAINED);
    // A client that slipped in after the receipt and does not go stays on the list, cut.
    assertThat(present.values())
        .allMatch(member -> drained && member.client.closes.contains(CloseManner.FORCE));
    assertThat(everybody).allMatch(member -> member.left || member.client.handle().sealed());
  }
}
