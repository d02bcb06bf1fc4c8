package io.gracefuldrain.sample.plan;

import io.gracefuldrain.lab.lean.BackOff;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client: how it comes back when it is let go, and how it moves when it is hinted. */
final class Client {
  /** What a client knows. */
  enum Kind {
    /** It comes back after its back-off. */
    STOCK,
    /** The same, and its session is handed over. */
    RECOVERING,
    /** It connects elsewhere first when it is hinted. */
    AWARE
  }

  /** A stock client's time-out of an attempt. */
  private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

  /** How often an aware client tries to move; between two tries it pauses 100 to 300 ms. */
  private static final int TRIES = 3;

  final Kind kind;
  final World world;
  private final BackOff backOff;

  // Where it is connected; null while it is away.
  private @Nullable Connection current;
  // The connection that it was let go from, if its session was kept.
  private @Nullable Connection left;
  private @Nullable String ticket;
  private boolean trying;
  private int tries;
  private long awaySince;
  private long hintedAt;
  private int moves;

  Client(Kind kind, World world) {
    this.kind = kind;
    this.world = world;
    this.backOff = new BackOff(world.random::nextDouble);
  }

  /** How often it has changed its connection. */
  int moves() {
    return moves;
  }

  // ---------------------------------------------------------------- what happens to it

  /** It was there before all began. */
  void startsAt(Pod pod) {
    current = world.connect(this, pod);
  }

  /** An aware client is asked to move. */
  void hinted(Connection from, String with) {
    if (from == current && !trying) {
      ticket = with;
      tries = 0;
      hintedAt = world.time.nanos();
      attempt();
    }
  }

  /** Its connection has ended. */
  void cut(Connection from) {
    if (from != current) {
      return; // it has moved
    }
    current = null;
    ticket = null;
    left = from.kept() ? from : null;
    awaySince = world.time.nanos();
    if (!trying) {
      comesBack();
    }
  }

  private void comesBack() {
    trying = true;
    world.time.runAfter(TimeUnit.MILLISECONDS.toNanos(backOff.nextMs()), this::attempt);
  }

  /** Opens a connection: to the Service, once there and half back, and then its request. */
  private void attempt() {
    trying = true;
    Pod pod = world.service.pick();
    long begun = world.time.nanos();
    world.time.runAfter(3 * world.halfWay(), () -> arrives(pod, begun));
  }

  private void arrives(Pod pod, long begun) {
    long now = world.time.nanos();
    world.seen.arrived(pod, now);
    if (!pod.admits(ticket)) {
      world.seen.refused();
      world.time.runAfter(world.halfWay(), this::failed);
      return;
    }
    long done = pod.receiver.take(now);
    if (done - begun > PATIENCE) {
      world.seen.timedOut();
      world.time.runAfter(begun + PATIENCE - now, this::failed);
    } else {
      world.time.runAfter(done - now, () -> accepted(pod, begun));
    }
  }

  private void accepted(Pod pod, long begun) {
    if (pod.gone()) {
      world.seen.refused();
      failed();
      return;
    }
    Connection next = world.connect(this, pod);
    world.time.runAfter(world.halfWay(), () -> connected(next, begun));
  }

  private void failed() {
    trying = false;
    if (current == null) {
      comesBack();
    } else if (++tries < TRIES) {
      trying = true;
      long pause = TimeUnit.MILLISECONDS.toNanos(world.random.nextLong(100, 300));
      world.time.runAfter(pause, this::attempt);
    } // else it stays, and is let go like a stock client when its hint has had its time
  }

  private void connected(Connection next, long begun) {
    trying = false;
    long now = world.time.nanos();
    world.seen.connected(now - begun);
    moves++;
    Connection before = current;
    current = next;
    ticket = null;
    backOff.reset();
    if (before != null) {
      world.seen.overlapped(now - hintedAt);
      before.landed(next.pod, Duration.ofNanos(now - hintedAt));
    } else {
      world.seen.cameBack(now - awaySince);
      handOver(next.pod);
    }
    if (next.cut()) {
      cut(next); // it was let go before its client had heard that it is open
    }
  }

  private void handOver(Pod to) {
    Connection from = left;
    left = null;
    if (kind == Kind.RECOVERING) {
      world.seen.recovered(from != null && from.taken(to));
    }
  }
}
