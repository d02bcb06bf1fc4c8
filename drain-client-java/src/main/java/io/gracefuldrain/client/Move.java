package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** One move from an old connection to the next. On the event thread. */
final class Move {
  private static final long HELLO_MILLIS = 1_000;
  private static final long BEYOND_GRACE_MILLIS = 1_000;
  private static final long REPEAT_LANDED_MILLIS = 500;
  private static final long LONGEST_LINGER_MILLIS = 60_000;

  /** In their order; a pause leads back to connecting. */
  private enum Phase {
    CONNECTING,
    PAUSING,
    READYING,
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
  private final Queue<Delivery> heldBack = new ArrayDeque<>();
  private Phase phase = Phase.CONNECTING;
  private @Nullable Connection next;
  private int attempts;
  private int unready;
  // Nanoseconds from the beginning.
  private long connected;
  private long took;
  private long cut = -1;
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
  }

  void begin() {
    client.tell(
        Client.MOVING,
        new JSONObject()
            .put("reason", hint.reason())
            .put("graceMs", hint.graceMs())
            .put("from", from.toJson()));
    if (phase == Phase.OVER) {
      return; // the application has disconnected
    }
    if (millisLeft() <= 0) {
      fail("graceMs: " + hint.graceMs() + " (expected: time left to move)");
      return;
    }
    bound = timers.after(millisLeft(), () -> fail("not within graceMs: " + hint.graceMs()));
    attempt();
  }

  // ---------------------------------------------------------------- connecting

  private void attempt() {
    if (phase == Phase.OVER) {
      return;
    }
    if (millisLeft() <= 0) {
      fail("not within graceMs: " + hint.graceMs());
      return;
    }
    phase = Phase.CONNECTING;
    attempts++;
    connected = 0;
    try {
      next = client.next(hint);
    } catch (IllegalArgumentException e) {
      fail(String.valueOf(e.getMessage()));
      return;
    }
    next.channels().forEach(Channel::open);
  }

  /** The next connection has joined a namespace. */
  void joined() {
    if (phase != Phase.CONNECTING || next == null || connected != 0 || !allJoined(next)) {
      return;
    }
    connected = Math.max(1, timers.nanoTime() - begun);
    if (next.pod().known()) {
      settled();
    } else {
      step = timers.after(HELLO_MILLIS, this::settled);
    }
  }

  void greeted() {
    if (phase == Phase.CONNECTING && connected != 0) {
      settled();
    }
  }

  /** It is known who the next connection leads to, as far as it can be. */
  private void settled() {
    Connection candidate = next;
    if (phase != Phase.CONNECTING || candidate == null) {
      return;
    }
    cancel(step);
    if (candidate.pod().known() && candidate.pod().equals(from)) {
      attemptFailed("led back to " + from.pod());
      return;
    }
    phase = Phase.READYING;
    unready = candidate.channels().size();
    for (Channel channel : List.copyOf(candidate.channels())) {
      client
          .ready(channel, true)
          .whenComplete((done, failure) -> EventThread.exec(() -> readied(candidate, failure)));
    }
  }

  private void readied(Connection of, @Nullable Throwable failure) {
    if (phase != Phase.READYING || of != next) {
      return;
    }
    if (failure != null) {
      fail(Client.failed(hint.reason(), failure).getString("message"));
    } else if (--unready == 0) {
      land();
    }
  }

  /** The next connection is lost, refused, or was never there. */
  void lostNext(String why) {
    switch (phase) {
      case CONNECTING, READYING -> attemptFailed(why);
      case LANDING -> fail("the next connection was lost: " + why);
      case PAUSING, OVERLAPPING, LINGERING, OVER -> {}
    }
  }

  private void attemptFailed(String why) {
    cancel(step);
    dropNext();
    OptionalLong pause =
        Attempts.pause(attempts, millisLeft(), ThreadLocalRandom.current().nextDouble());
    if (pause.isEmpty()) {
      fail("attempt " + attempts + " of " + Attempts.MOST + ": " + why);
      return;
    }
    phase = Phase.PAUSING;
    step = timers.after(pause.getAsLong(), this::attempt);
  }

  // ---------------------------------------------------------------- landing

  private void land() {
    phase = Phase.LANDING;
    client.gate().close();
    cancel(bound);
    bound = timers.after(Math.max(0, millisLeft()) + BEYOND_GRACE_MILLIS, this::release);
    // Behind all that other threads have emitted before the gate was closed.
    EventThread.nextTick(() -> sayLanded(true));
  }

  private void sayLanded(boolean again) {
    if (phase != Phase.LANDING || next == null) {
      return;
    }
    Channel channel = old.standing();
    if (channel == null) {
      release();
      return;
    }
    JSONObject landed =
        new JSONObject().put("pod", next.pod().pod()).put("connectMs", millis(connected));
    channel.say(Wire.LANDED, landed, answer -> release());
    if (again) {
      step = timers.after(REPEAT_LANDED_MILLIS, () -> sayLanded(false));
    }
  }

  private void release() {
    Connection landed = next;
    if (phase != Phase.LANDING || landed == null) {
      return;
    }
    phase = Phase.OVERLAPPING;
    cancel(bound);
    cancel(step);
    took = timers.nanoTime() - begun;
    client.adopt(landed, this);
    for (Delivery delivery = heldBack.poll(); delivery != null; delivery = heldBack.poll()) {
      client.deliver(delivery.socket(), delivery.event(), delivery.args());
    }
    client.release();
    held = client.gate().heldInAll();
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
    long rest = LONGEST_LINGER_MILLIS - client.overlap().toMillis();
    step = timers.after(Math.max(0, rest), this::finish);
    client.over(this);
  }

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
    Connection landed = Objects.requireNonNull(next);
    forget();
    client.forget(old);
    long away = cut < 0 ? 0 : Math.max(0, connected - cut);
    client.tell(
        Client.MOVED,
        new JSONObject()
            .put("reason", hint.reason())
            .put("from", from.toJson())
            .put("to", landed.pod().toJson())
            .put("connectMs", millis(connected))
            .put("tookMs", millis(took))
            .put("held", held)
            .put("duplicates", duplicates)
            .put("downtimeMs", cut >= 0 && connected > cut ? Math.max(1, millis(away)) : 0));
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

  /** Whether the application need not see that the old connection is cut: the next one stands. */
  boolean hides(String reason) {
    boolean stands = next != null && connected != 0 && allJoined(next);
    if (stands && phase.compareTo(Phase.LANDING) <= 0) {
      hidden = reason;
      return true;
    }
    return false;
  }

  /** The old connection has lost a namespace. */
  void cut() {
    if (phase.compareTo(Phase.LANDING) <= 0 && old.standing() == null) {
      if (cut < 0) {
        cut = timers.nanoTime() - begun;
      }
      if (phase == Phase.LANDING) {
        release();
      }
    }
  }

  boolean wasCut() {
    return cut >= 0 && phase.compareTo(Phase.LANDING) <= 0;
  }

  void join(AwareSocket socket) {
    if (next != null && phase.compareTo(Phase.LANDING) <= 0 && phase != Phase.PAUSING) {
      next.channel(socket).open();
    }
  }

  void leave(AwareSocket socket) {
    if (next != null && phase.compareTo(Phase.LANDING) <= 0) {
      heldBack.removeIf(delivery -> delivery.socket() == socket);
      next.leave(socket);
      joined();
    }
  }

  /** The application has disconnected everything. */
  void cancel() {
    boolean before = phase.compareTo(Phase.LANDING) <= 0;
    phase = Phase.OVER;
    cancel(bound);
    cancel(step);
    if (before) {
      dropNext();
      client.release();
    }
    client.over(this);
  }

  /** Falls back to what a stock client does, without losing what was held. */
  void fail(String message) {
    if (phase.compareTo(Phase.LANDING) > 0) {
      return;
    }
    phase = Phase.OVER;
    cancel(bound);
    cancel(step);
    dropNext();
    if (hidden != null) {
      for (Channel channel : List.copyOf(old.channels())) {
        client.lost(channel.socket(), hidden);
      }
    }
    client.release();
    client.tell(
        Client.FAILED, new JSONObject().put("reason", hint.reason()).put("message", message));
    client.over(this);
  }

  void countDuplicate() {
    duplicates++;
  }

  @Nullable Connection next() {
    return phase.compareTo(Phase.LANDING) <= 0 ? next : null;
  }

  // ---------------------------------------------------------------- small things

  private void dropNext() {
    if (next != null) {
      next.drop();
      next = null;
    }
    heldBack.clear();
  }

  private static boolean allJoined(Connection connection) {
    return connection.channels().stream()
        .allMatch(channel -> channel.joined() || !channel.socket().isActive());
  }

  private long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(deadline - timers.nanoTime());
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
