package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** One move from an old connection to the next. On the event thread. */
final class Move {
  private static final long BEYOND_GRACE_MILLIS = 1_000;
  private static final long REPEAT_LANDED_MILLIS = 500;

  /**
   * What takes one connection may be about to take the other: what is held waits until that would
   * show, or it went out on one that has ended.
   */
  private static final long BOTH_MILLIS = 50;

  private static final long LONGEST_LINGER_MILLIS = 60_000;

  /** In their order. */
  private enum Phase {
    APPROACHING,
    LANDING,
    OVERLAPPING,
    LINGERING,
    OVER
  }

  /** What the next connection has delivered before it was current. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Delivery(AwareSocket socket, String event, Object[] args) {}

  private final Client client;
  private final Timers timers;
  private final Connection old;
  private final Hint hint;
  private final long begun;
  private final long deadline;
  private final Pod from;
  private final Approach approach;
  private final Queue<Delivery> heldBack = new ArrayDeque<>();
  private Phase phase = Phase.APPROACHING;
  private Pod to = Pod.UNKNOWN;
  private long tookNanos;
  private long cutAt;
  private boolean cut;
  private boolean nextLost;
  private @Nullable String hidden;
  private int held;
  private int duplicates;
  private Timers.@Nullable Cancellable bound;
  private Timers.@Nullable Cancellable step;

  Move(Client client, Timers timers, Connection old, Hint hint, long deadline) {
    this.client = client;
    this.timers = timers;
    this.old = old;
    this.hint = hint;
    this.begun = timers.nanoTime();
    this.deadline = deadline;
    this.from = old.pod();
    this.approach = new Approach(client, timers, this, hint, from);
  }

  void begin() {
    client
        .sockets()
        .tell(
            Client.MOVING,
            new JSONObject()
                .put("reason", hint.reason())
                .put("graceMs", hint.graceMs())
                .put("from", from.toJson()));
    if (phase == Phase.OVER) {
      return; // the application has disconnected
    }
    bound =
        timers.after(
            Math.max(0, millisLeft()), () -> fail("not within graceMs: " + hint.graceMs()));
    approach.attempt();
  }

  // ---------------------------------------------------------------- landing

  /** The next connection stands and is ready. */
  void land(Connection next) {
    phase = Phase.LANDING;
    to = next.pod();
    client.outbox().hold();
    cancel(bound);
    bound = timers.after(Math.max(0, millisLeft()) + BEYOND_GRACE_MILLIS, () -> release(next));
    // Behind all that other threads have emitted before the gate was closed.
    EventThread.nextTick(() -> sayLanded(next, true));
  }

  private void sayLanded(Connection next, boolean again) {
    if (phase != Phase.LANDING) {
      return;
    }
    Channel channel = old.standing();
    if (channel == null) {
      releaseSoon(next);
      return;
    }
    JSONObject landed =
        new JSONObject()
            .put("pod", to.pod())
            .put("connectMs", millis(approach.connectedAt() - begun));
    channel.say(Wire.LANDED, landed, answer -> release(next));
    if (again) {
      step = timers.after(REPEAT_LANDED_MILLIS, () -> sayLanded(next, false));
    }
  }

  /** The old connection has ended: nothing more is waited for, if the next one stays. */
  private void releaseSoon(Connection next) {
    if (!nextLost) {
      soon(() -> release(next));
    }
  }

  /** The application goes: what it has said goes out before, on the connection that is left. */
  void releaseIfCut() {
    Connection next = approach.next();
    if (phase == Phase.LANDING && next != null && old.standing() == null) {
      release(next);
    }
  }

  private void release(Connection next) {
    if (phase != Phase.LANDING || nextLost) {
      return;
    }
    phase = Phase.OVERLAPPING;
    cancel(bound);
    cancel(step);
    tookNanos = timers.nanoTime() - begun;
    client.adopt(next, this);
    for (Delivery delivery = heldBack.poll(); delivery != null; delivery = heldBack.poll()) {
      client.deliver(delivery.socket(), delivery.event(), delivery.args());
    }
    held = client.release();
    if (phase != Phase.OVERLAPPING) {
      return; // the application has disconnected meanwhile
    }
    if (old.standing() == null) {
      finish();
    } else {
      step = timers.after(client.overlap().toMillis(), this::overlapped);
    }
  }

  private void overlapped() {
    if (phase != Phase.OVERLAPPING) {
      return;
    }
    if (!old.owed()) {
      finish();
      return;
    }
    phase = Phase.LINGERING;
    step = timers.after(LONGEST_LINGER_MILLIS - client.overlap().toMillis(), this::finish);
    client.over(this); // the next move need not wait for answers to this one's
  }

  /** The old connection has given an answer that it owed. */
  void answered() {
    if (phase == Phase.LINGERING && !old.owed()) {
      finish();
    }
  }

  /** The old connection is no longer needed, or gone. */
  void finish() {
    if (phase != Phase.OVERLAPPING && phase != Phase.LINGERING) {
      return;
    }
    forget();
    client.forget(old);
    long connectedAt = approach.connectedAt();
    boolean away = cut && connectedAt - cutAt > 0;
    client
        .sockets()
        .tell(
            Client.MOVED,
            new JSONObject()
                .put("reason", hint.reason())
                .put("from", from.toJson())
                .put("to", to.toJson())
                .put("connectMs", millis(connectedAt - begun))
                .put("tookMs", millis(tookNanos))
                .put("held", held)
                .put("duplicates", duplicates)
                .put("downtimeMs", away ? Math.max(1, millis(connectedAt - cutAt)) : 0));
    client.over(this);
  }

  /** The old connection goes without a word. */
  void forget() {
    phase = Phase.OVER;
    cancel(bound);
    cancel(step);
    old.drop();
  }

  // ---------------------------------------------------------------- what may happen meanwhile

  /** What the next connection delivers before its time. */
  void holdBack(AwareSocket socket, String event, Object[] args) {
    if (heldBack.size() >= Gate.LIMIT) {
      fail("held-back deliveries: " + Gate.LIMIT + " (expected: fewer before the release)");
    } else {
      heldBack.add(new Delivery(socket, event, args));
    }
  }

  void forgetHeldBack() {
    heldBack.clear();
  }

  /** Whether the application need not see that the old connection is cut: the next one stands. */
  boolean hides(String reason) {
    if (beforeRelease() && approach.stands()) {
      hidden = reason;
      return true;
    }
    return false;
  }

  /** The old connection has lost a namespace. */
  void cut() {
    if (!beforeRelease() || old.standing() != null) {
      return;
    }
    if (!cut) {
      cut = true;
      cutAt = timers.nanoTime();
    }
    Connection next = approach.next();
    if (phase == Phase.LANDING && next != null) {
      releaseSoon(next);
    }
  }

  boolean wasCut() {
    return cut && beforeRelease();
  }

  void leave(AwareSocket socket) {
    if (beforeRelease()) {
      heldBack.removeIf(delivery -> delivery.socket() == socket);
      approach.leave(socket);
    }
  }

  /** The application has disconnected everything. */
  void cancel() {
    boolean before = beforeRelease();
    phase = Phase.OVER;
    cancel(bound);
    cancel(step);
    if (before) {
      approach.abandon();
      client.release();
    }
    client.over(this);
  }

  /** The next connection has ended after all: the move fails, and the old one may end too. */
  void nextLost(String why) {
    nextLost = true;
    soon(() -> fail("the next connection was lost: " + why));
  }

  /** Leaves the other connection the time to end too. */
  private void soon(Runnable then) {
    cancel(step);
    step = timers.after(BOTH_MILLIS, then);
  }

  /** Falls back to what a stock client does, without losing what was held. */
  void fail(String message) {
    if (!beforeRelease()) {
      return;
    }
    phase = Phase.OVER;
    cancel(bound);
    cancel(step);
    approach.abandon();
    if (hidden != null) {
      for (Channel channel : List.copyOf(old.channels())) {
        client.lost(channel.socket(), hidden);
      }
    }
    client.stay();
    client.release();
    client
        .sockets()
        .tell(Client.FAILED, new JSONObject().put("reason", hint.reason()).put("message", message));
    client.over(this);
  }

  void countDuplicate() {
    duplicates++;
  }

  /** The way to the next connection; null: it has arrived, or ended. */
  @Nullable Approach approach() {
    return beforeRelease() ? approach : null;
  }

  @Nullable Connection next() {
    return beforeRelease() ? approach.next() : null;
  }

  /** Whether nothing more is said on the old connection, but that. */
  boolean landing() {
    return phase == Phase.LANDING;
  }

  /** Whether the application was made ready on that channel of the next connection. */
  boolean isPrepared(Channel channel) {
    return approach.isPrepared(channel);
  }

  private boolean beforeRelease() {
    return phase == Phase.APPROACHING || phase == Phase.LANDING;
  }

  long millisLeft() {
    return millis(deadline - timers.nanoTime());
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static void cancel(Timers.@Nullable Cancellable timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
