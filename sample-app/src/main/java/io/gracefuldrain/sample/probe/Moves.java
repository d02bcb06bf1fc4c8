package io.gracefuldrain.sample.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.sample.Events;
import io.netty.channel.EventLoop;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Make before break: how a lean client that knows the reconnect hint moves, by the protocol. The
 * next connection is opened beside the one there is; emits are held while the old one is told of
 * it; then the next takes over, and the old one is let go of a little later. What comes twice is
 * dropped, by the feed's numbers. One move at a time; everything happens on the client's event
 * loop.
 */
final class Moves {
  static final String PREFIX = "drain:";
  static final long OVERLAP_MS = 500;

  private static final String HELLO = PREFIX + "hello";
  private static final String PLAN = PREFIX + "plan";
  private static final String RECONNECT = PREFIX + "reconnect";
  private static final String LANDED = PREFIX + "landed";

  private static final int MOST_ATTEMPTS = 3;
  private static final long RETRY_LEAST_MS = 100;
  private static final long RETRY_MOST_MS = 300;
  private static final long HELLO_MS = 1_000;
  private static final long REPEAT_MS = 500;
  private static final long LANDED_MS = 1_000;
  private static final long OLDEST_MS = 60_000;
  private static final int MOST_HELD = 10_000;

  private enum Step {
    STAYING,
    /** The next connection is opened, or waited for. */
    CONNECTING,
    /** It is there, and the application makes itself at home. */
    READYING,
    /** The old one is told; emits are held. */
    LANDING,
    /** The next one has taken over, and the old one may still have something to say. */
    OVERLAPPING
  }

  /** Which pod a connection leads to, as it says itself. */
  private record Pod(String name, String generation) {}

  private final LeanClient client;
  private final EventLoop loop;
  private final DoubleSupplier random;
  private final Account account;
  private final LongSupplier clock;
  private final Seen seen = new Seen();
  private final List<Future<?>> timers = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private final List<Long> heldBack = new ArrayList<>();

  private Step step = Step.STAYING;
  private boolean holding;
  private @Nullable Hint hint;
  private @Nullable Hint later;
  private @Nullable Link laterOver;
  private @Nullable Link hinted;
  private @Nullable Link old;
  private @Nullable Link next;
  private @Nullable Pod here;
  private @Nullable Pod there;
  private int planHereMs;
  private int planThereMs;

  // Of the move under way.
  private int attempts;
  private long beganMs;
  private long connectMs;
  private long tookMs;
  private int heldInAll;
  private int landedOpen;
  private long dropped;
  private long lostMs;
  private long downtimeMs;

  Moves(
      LeanClient client,
      EventLoop loop,
      DoubleSupplier random,
      Account account,
      LongSupplier clock) {
    this.client = client;
    this.loop = loop;
    this.random = random;
    this.account = account;
    this.clock = clock;
  }

  // ---------------------------------------------------------------- what is told

  /** An event of the protocol has come. */
  void told(Link link, String name, JsonNode payload, @Nullable Integer acknowledgement) {
    if (acknowledgement != null) {
      link.acknowledge(acknowledgement);
    }
    switch (name) {
      case HELLO -> {
        Pod pod = new Pod(payload.path("pod").asText(), payload.path("generation").asText());
        if (link == next) {
          there = pod;
          greeted();
        } else if (link == client.current()) {
          here = pod;
        }
      }
      case PLAN -> {
        int windowMs = payload.path("windowMs").asInt();
        if (link == next) {
          planThereMs = windowMs;
        } else {
          planHereMs = windowMs;
        }
      }
      case RECONNECT -> {
        Hint told = Hint.read(payload);
        if (told != null) {
          hinted(link, told);
        }
      }
      default -> {} // of a later version
    }
  }

  private void hinted(Link link, Hint told) {
    boolean known = hint != null && hint.ticket().equals(told.ticket());
    if (known) {
      return; // said again
    }
    if (step != Step.STAYING) {
      later = told;
      laterOver = link;
    } else if (link == client.current()) {
      begin(told);
    }
  }

  /** A message of the feed has come, over whichever connection. */
  void heard(Link link, long n, @Nullable String pod) {
    account.arrived(n, pod);
    if (link == next && step != Step.OVERLAPPING) {
      if (heldBack.size() < MOST_HELD) {
        heldBack.add(n);
      } else {
        fail("more than " + MOST_HELD + " messages held back");
      }
    } else {
      deliver(n);
    }
  }

  private void deliver(long n) {
    if (seen.add(n)) {
      account.delivered(n, clock.getAsLong());
    } else {
      account.dropped(1);
      dropped++;
    }
  }

  // ---------------------------------------------------------------- the move

  private void begin(Hint told) {
    hint = told;
    old = client.current();
    hinted = old;
    beganMs = clock.getAsLong();
    attempts = 0;
    heldInAll = 0;
    landedOpen = 0;
    dropped = 0;
    downtimeMs = 0;
    account.moving(beganMs);
    attempt();
  }

  private long leftMs() {
    return hint == null ? 0 : beganMs + hint.graceMs() - clock.getAsLong();
  }

  private void attempt() {
    if (hint == null || leftMs() <= 0) {
      fail("not within its grace");
      return;
    }
    attempts++;
    enter(Step.CONNECTING);
    there = null;
    planThereMs = 0;
    next = client.link("&ticket=" + URLEncoder.encode(hint.ticket(), StandardCharsets.UTF_8));
    after(leftMs(), () -> fail("not within its grace"));
    next.open();
  }

  private void attemptFailed(String reason) {
    leaveNext();
    if (attempts == MOST_ATTEMPTS) {
      fail(reason);
      return;
    }
    enter(Step.CONNECTING);
    after(leftMs(), () -> fail("not within its grace"));
    after(
        RETRY_LEAST_MS + (long) (random.getAsDouble() * (RETRY_MOST_MS - RETRY_LEAST_MS)),
        this::attempt);
  }

  /** The next connection is there. */
  void connected(Link link) {
    if (link != next) {
      return;
    }
    connectMs = clock.getAsLong() - beganMs;
    account.nextConnected(link.sid(), clock.getAsLong());
    if (there == null) {
      after(HELLO_MS, this::ready); // then it goes without
    } else {
      greeted();
    }
  }

  private void greeted() {
    if (step != Step.CONNECTING || next == null || !next.connected()) {
      return;
    }
    if (there != null && there.equals(here)) {
      attemptFailed("back on " + there.name());
    } else {
      ready();
    }
  }

  private void ready() {
    if (next == null) {
      return;
    }
    enter(Step.READYING);
    after(leftMs(), () -> fail("not ready within its grace"));
    next.emit(
        Events.WHO_AM_I,
        "{}",
        pod -> {
          account.nextAnsweredBy(pod.path("name").asText(), pod.path("generation").asText());
          land();
        });
  }

  private void land() {
    enter(Step.LANDING);
    hold();
    if (old == null) {
      release();
      return;
    }
    sayLanded();
    after(REPEAT_MS, this::sayLanded);
    after(Math.max(0, leftMs()) + LANDED_MS, this::release);
  }

  /** Its answer comes after all that the old server had sent before. */
  private void sayLanded() {
    if (old != null && old.connected()) {
      String pod = there == null ? "unknown" : there.name();
      landedOpen++;
      old.emit(
          LANDED,
          Json.line(Map.of("pod", pod, "connectMs", connectMs)),
          answer -> {
            landedOpen--;
            if (step == Step.LANDING) {
              release();
            }
          });
    }
  }

  private void release() {
    Link taken = next;
    if (taken == null) {
      return;
    }
    enter(Step.OVERLAPPING);
    tookMs = clock.getAsLong() - beganMs;
    Link own = client.current();
    if (own != null && own != old) {
      own.leave(); // its reconnection, which was slower
    }
    if (old == null) {
      downtimeMs = lostMs == 0 ? 0 : clock.getAsLong() - lostMs;
    }
    client.adopt(taken);
    account.released(clock.getAsLong());
    here = there;
    planHereMs = planThereMs;
    heldBack.forEach(this::deliver);
    heldBack.clear();
    releaseHeld();
    client.sendNow();
    if (old == null) {
      moved();
    } else {
      after(OVERLAP_MS, this::letGoOfOld);
    }
  }

  /** The old one stays until it owes nothing. */
  private void letGoOfOld() {
    if (old == null) {
      return;
    }
    if (old.owed() > landedOpen && clock.getAsLong() - beganMs - tookMs < OLDEST_MS) {
      after(RETRY_LEAST_MS, this::letGoOfOld);
      return;
    }
    old.leave();
    moved();
  }

  private void moved() {
    enter(Step.STAYING);
    next = null;
    old = null;
    lostMs = 0;
    account.moved(
        clock.getAsLong(), new Move.Figures(connectMs, tookMs, heldInAll, dropped, downtimeMs));
    client.sendNow(); // what the old one has left unanswered
    goOn();
  }

  private void fail(String reason) {
    leaveNext();
    enter(Step.STAYING);
    heldBack.clear();
    Link left = client.current();
    boolean alone = left == null || !left.connected();
    account.moveFailed(reason, alone, clock.getAsLong());
    if (!alone) {
      releaseHeld();
    } else {
      // What was held is due again over the connection to come.
      held.clear();
      holding = false;
    }
    old = null;
    lostMs = 0;
    goOn();
  }

  private void goOn() {
    Hint then = later;
    boolean ours = laterOver == client.current();
    later = null;
    laterOver = null;
    if (then != null && ours) {
      begin(then);
    }
  }

  private void leaveNext() {
    if (next != null) {
      account.nextLeft(clock.getAsLong());
      Link left = next;
      next = null;
      left.leave();
    }
  }

  // ---------------------------------------------------------------- what goes wrong

  /**
   * A connection has ended.
   *
   * @return whether that was seen to
   */
  boolean ended(Link link, Link.End end) {
    if (step == Step.STAYING) {
      return false;
    }
    if (link == next && step != Step.OVERLAPPING) {
      if (step == Step.LANDING) {
        fail(end.reason());
      } else {
        attemptFailed(end.reason());
      }
      return true;
    }
    if (link != old) {
      return false;
    }
    old = null;
    if (step == Step.OVERLAPPING) {
      moved();
      return true;
    }
    if (next == null || !next.connected()) {
      lostMs = clock.getAsLong();
      return false; // without a connection: the stock way, which the move may yet be faster than
    }
    account.cut(end.reason(), clock.getAsLong());
    client.adopt(null);
    hold();
    if (step == Step.LANDING) {
      release();
    } else {
      client.reconnect();
    }
    return true;
  }

  /** The client's own reconnection was first. */
  void cameBack() {
    here = null;
    planHereMs = 0;
    if (step != Step.STAYING) {
      fail("its own reconnection was first");
    }
  }

  /** In what window to come back when a connection is lost without a hint; 0: in the stock way. */
  int plannedMs(Link link) {
    return link == hinted ? 0 : planHereMs;
  }

  /** Leaves for good. */
  void close() {
    enter(Step.STAYING);
    leaveNext();
    if (old != null && old != client.current()) {
      old.leave();
    }
  }

  // ---------------------------------------------------------------- emits

  /** Whether emits are held. */
  boolean holding() {
    return holding;
  }

  private void hold() {
    if (!holding) {
      holding = true;
      account.holding();
    }
  }

  /** Keeps an emit until there is a connection for it. */
  void hold(Runnable emit) {
    heldInAll++;
    held.add(emit);
  }

  private void releaseHeld() {
    holding = false;
    List<Runnable> all = List.copyOf(held);
    held.clear();
    all.forEach(Runnable::run);
  }

  // ---------------------------------------------------------------- time

  private void enter(Step other) {
    step = other;
    timers.forEach(timer -> timer.cancel(false));
    timers.clear();
  }

  private void after(long ms, Runnable then) {
    timers.add(loop.schedule(then, ms, TimeUnit.MILLISECONDS));
  }
}
