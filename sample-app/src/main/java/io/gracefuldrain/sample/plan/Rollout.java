package io.gracefuldrain.sample.plan;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A rolling update, played in virtual time: a Deployment creates new pods as far as its surge goes,
 * and deletes an old one for each new one that is available. Pods that end do not count, so the
 * next one is created while the last one still drains.
 */
final class Rollout {
  /** A rollout that has not ended by then never will. */
  private static final Duration MOST = Duration.ofDays(60);

  private static final long LOOK = Duration.ofMillis(20).toNanos();

  private final Scenario scenario;
  private final World world;
  private final DrainPolicy policy;
  private final List<Client> clients;
  private final List<Pod> old = new ArrayList<>();
  private final List<Pod> fresh = new ArrayList<>();

  private int oldLeft;
  private int available;
  private int draining;
  private int mostDraining;
  private int mostPods;
  private long endedAt;

  private Rollout(Scenario scenario) {
    this.scenario = scenario;
    this.world = new World(scenario);
    this.policy =
        scenario
            .policy()
            .withCrashRate(0) // nobody crashes here
            .withReceipt(DrainPolicy.Receipt.LOG)
            .withTerminationLog("")
            .withTicketKey("a key that no pod has but those here");
    this.clients = new ArrayList<>(scenario.clients());
  }

  /** Plays a rollout to its end. */
  static Result play(Scenario scenario) {
    Rollout rollout = new Rollout(scenario);
    rollout.populate();
    rollout.proceed();
    while (rollout.world.time.next()) {
      if (rollout.world.time.nanos() > MOST.toNanos()) {
        throw new IllegalStateException("rollout: goes on (expected: its end within " + MOST + ")");
      }
    }
    return rollout.result();
  }

  private void populate() {
    for (int i = 0; i < scenario.pods(); i++) {
      Pod pod = pod("old-" + i, Receiver.warm(scenario.receiver()));
      old.add(pod);
      world.service.has(pod);
    }
    oldLeft = scenario.pods();
    for (int i = 0; i < scenario.clients(); i++) {
      Client client = new Client(kind(i), world);
      clients.add(client);
      client.startsAt(old.get(i % scenario.pods()));
    }
  }

  /** Of each hundred pods' clients the first are aware, and the next ones recover. */
  private Client.Kind kind(int client) {
    int place = client / scenario.pods() % 100;
    if (place < scenario.mix().aware()) {
      return Client.Kind.AWARE;
    }
    return place < scenario.mix().aware() + scenario.mix().recovering()
        ? Client.Kind.RECOVERING
        : Client.Kind.STOCK;
  }

  private Pod pod(String name, Receiver receiver) {
    DrainCoordinator coordinator = world.time.coordinator(policy.withPod(name));
    coordinator.started();
    return new Pod(name, coordinator, receiver, world.time);
  }

  // ---------------------------------------------------------------- the Deployment

  /** Creates as many pods as may be there besides the old ones, and deletes what they replace. */
  private void proceed() {
    while (oldLeft + available > scenario.pods() && oldLeft > 0) {
      delete(old.get(--oldLeft));
    }
    while (fresh.size() < scenario.pods()
        && oldLeft + fresh.size() < scenario.pods() + scenario.surge()) {
      create();
    }
    mostPods = Math.max(mostPods, oldLeft + fresh.size() + draining);
  }

  /** What whoever is at a new pod already would wait there, while old ones drain. */
  private void look() {
    long now = world.time.nanos();
    fresh.forEach(pod -> world.seen.bystanders.add(pod.receiver.backlog(now)));
    if (draining > 0) {
      world.time.runAfter(LOOK, this::look);
    }
  }

  private void create() {
    int number = fresh.size();
    // Slow ones are spread evenly among the others.
    boolean slow =
        (long) (number + 1) * scenario.slow() / 100 > (long) number * scenario.slow() / 100;
    Scenario.Speed speed = slow ? scenario.receiver().tenth() : scenario.receiver();
    Pod pod = pod("new-" + number, Receiver.cold(speed));
    fresh.add(pod);
    world.time.runAfter(
        scenario.startUp().toNanos(),
        () -> {
          world.service.comes(pod);
          world.time.runAfter(scenario.minReady().toNanos(), this::isAvailable);
        });
  }

  private void isAvailable() {
    available++;
    proceed();
  }

  private void delete(Pod pod) {
    if (draining++ == 0) {
      look();
    }
    mostDraining = Math.max(mostDraining, draining);
    world.service.goes(pod);
    pod.delete(
        (receipt, took) -> {
          draining--;
          endedAt = world.time.nanos();
          world.seen.drained(receipt, took);
        });
  }

  // ---------------------------------------------------------------- what came out

  private Result result() {
    if (oldLeft > 0 || draining > 0 || available < scenario.pods()) {
      throw new IllegalStateException(
          "rollout: %s old pods left, %s drain (expected: none)".formatted(oldLeft, draining));
    }
    List<Pod> all = new ArrayList<>(old);
    all.addAll(fresh);
    return Result.of(
        scenario,
        world.seen,
        clients,
        all,
        new Result.Course(
            Duration.ofNanos(endedAt),
            world.seen.longestDrain(),
            world.seen.slots(),
            mostDraining,
            mostPods));
  }
}
