package io.gracefuldrain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A connection of the model: behaves well or badly at random, and knows its own work. */
final class ModelClient {
  enum Manners {
    AT_ONCE,
    LATER,
    NEVER,
    THROWS
  }

  final FakeClient client;
  final List<WorkLease> leases = new ArrayList<>();
  final List<String> problems;
  private final Manners onHint;
  private final Manners onClose;
  // Whether its adapter closes on a thread of its own, so that messages may come before the close.
  private final boolean queues;
  private boolean closeQueued;
  private boolean closing;
  int dispatches;
  boolean leavesLater;
  boolean left;

  ModelClient(String id, VirtualPod pod, Random random, List<String> problems) {
    this.problems = problems;
    Manners[] manners = Manners.values();
    onHint = manners[random.nextInt(manners.length)];
    onClose = random.nextInt(3) > 0 ? Manners.AT_ONCE : manners[random.nextInt(manners.length)];
    queues = random.nextBoolean();
    client = new FakeClient(id, random.nextBoolean(), pod.clock);
    client.onHint(hint -> hinted()).onClose(this::closed);
    if (random.nextInt(3) == 0) {
      registerBusy(pod.coordinator);
    } else {
      client.register(pod.coordinator);
    }
  }

  /** Its handshake is work in flight, before a drain can call it. */
  private void registerBusy(DrainCoordinator coordinator) {
    coordinator.register(
        handle -> {
          dispatches += handle.tryEnter() ? 1 : 0;
          return client.with(handle);
        });
  }

  private void hinted() {
    if (!client.aware()) {
      problems.add(client + " was hinted and knows no hints");
    }
    behave(onHint, true);
  }

  private void closed(CloseManner manner) {
    if (!client.handle().sealed()) {
      problems.add(client + " was closed and not sealed");
    }
    if (manner == CloseManner.LET_GO && inFlight() > 0) {
      problems.add(client + " was let go with work in flight");
    }
    if (manner == CloseManner.LET_GO && queues) {
      closeQueued = true;
    } else {
      closing = true;
      behave(onClose, false);
    }
  }

  /** Its adapter comes to the close that is queued, if one is. */
  void beginClose() {
    if (closeQueued) {
      closeQueued = false;
      if (client.handle().sealed()) { // else something came late, and it is asked again
        closing = true;
        behave(onClose == Manners.THROWS ? Manners.NEVER : onClose, false);
      }
    }
  }

  /** Whether its close has begun: nothing enters late any more. */
  boolean closing() {
    return closing;
  }

  /** Whether it was asked to close and has not looked at that since. */
  boolean asked() {
    return closeQueued || closing;
  }

  boolean forced() {
    return client.closes.contains(CloseManner.FORCE);
  }

  private void behave(Manners manners, boolean landing) {
    switch (manners) {
      case AT_ONCE -> {
        if (landing) {
          client.land(Duration.ofMillis(5));
        }
        leave(Departure.GOODBYE);
      }
      case LATER -> leavesLater = true;
      case NEVER -> {}
      case THROWS -> throw new IllegalStateException("as chance has it");
    }
  }

  void leave(Departure how) {
    left = true;
    client.leave(how);
  }

  int inFlight() {
    leases.removeIf(WorkLease::expired);
    return leases.size() + dispatches;
  }

  @Override
  public String toString() {
    return client + (left ? " (left)" : "");
  }
}
