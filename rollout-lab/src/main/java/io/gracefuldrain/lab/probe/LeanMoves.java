package io.gracefuldrain.lab.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.FeedEvents;
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
final class LeanMoves {
  static final String PREFIX = "drain:";
  static final long OVERLAP_MS = 500;

  /**
   * What the application waits on the next connection before it is ready: by so much may the old
   * pod be behind the next one, and what it still sends comes in order.
   */
  static final long SETTLE_MS = 200;

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

  /** What takes one connection may be about to take the other: so long nothing is sent on it. */
  private static final long BOTH_MS = 50;

  private static final String LATE = "not within its grace";

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

  private final LeanClient client;
  private final EventLoop loop;
  private final DoubleSupplier random;
  private final Account account;
  private final LongSupplier clock;
  private final Inbox inbox;
  private final Outbox outbox = new Outbox();
  private final Lingering lingering;
  private final List<Future<?>> timers = new ArrayList<>();

  private Step step = Step.STAYING;
  // Of the move under way, or of the last one.
  private @Nullable LeanMove course;
  private @Nullable Hint later;
  private @Nullable Connection laterOver;
  private @Nullable Connection next;
  // Where the connection that there is leads, and the next one.
  private PodSaid here = new PodSaid();
  private PodSaid there = new PodSaid();

  LeanMoves(
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
    this.inbox = new Inbox(account, clock);
    this.lingering = new Lingering(loop, clock, this::moved);
  }

  // ---------------------------------------------------------------- what is told

  /** An event of the protocol has come. */
  void told(Connection link, String name, JsonNode payload, @Nullable Integer acknowledgement) {
    if (acknowledgement != null) {
      link.acknowledge(acknowledgement);
    }
    switch (name) {
      case HELLO -> {
        if (link == next) {
          there.hello(payload);
          greeted();
        } else if (link == client.current()) {
          here.hello(payload);
        }
      }
      case PLAN -> {
        PodSaid place = link == next ? there : here;
        place.plan(payload);
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

  private void hinted(Connection link, Hint told) {
    if (course != null && course.hint.ticket().equals(told.ticket())) {
      return; // said again
    }
    if (step != Step.STAYING) {
      later = told;
      laterOver = link;
    } else if (link == client.current()) {
      begin(told, link);
    }
  }

  /** A message of the feed has come, over whichever connection. */
  void heard(Connection link, long n, @Nullable String pod) {
    account.arrived(n, pod);
    LeanMove move = course;
    if (link != next) {
      if (!inbox.deliver(n) && move != null) {
        move.dropped++;
      }
    } else if (!inbox.holdBack(n) && move != null) {
      fail(move, "too many messages held back");
    }
  }

  // ---------------------------------------------------------------- the move

  private void begin(Hint hint, Connection old) {
    long nowMs = clock.getAsLong();
    course = new LeanMove(hint, old, account.moving(nowMs), nowMs);
    attempt(course);
  }

  private void attempt(LeanMove move) {
    if (move.leftMs(clock.getAsLong()) <= 0) {
      fail(move, LATE);
      return;
    }
    move.attempts++;
    enter(Step.CONNECTING);
    there = new PodSaid();
    next = client.link("&ticket=" + URLEncoder.encode(move.hint.ticket(), StandardCharsets.UTF_8));
    limit(move);
    next.open();
  }

  private void limit(LeanMove move) {
    after(Math.max(0, move.leftMs(clock.getAsLong())), () -> fail(move, LATE));
  }

  private void attemptFailed(LeanMove move, String reason) {
    account.nextLeft(clock.getAsLong());
    leaveNext();
    if (move.attempts == MOST_ATTEMPTS || (outbox.holding() && client.current() == null)) {
      fail(move, reason);
      return;
    }
    enter(Step.CONNECTING);
    limit(move);
    long pauseMs =
        RETRY_LEAST_MS + (long) (random.getAsDouble() * (RETRY_MOST_MS - RETRY_LEAST_MS));
    after(pauseMs, () -> attempt(move));
  }

  /** The next connection is there. */
  void connected(Connection link) {
    LeanMove move = course;
    if (link != next || move == null) {
      return;
    }
    move.connectMs = clock.getAsLong() - move.beganMs;
    account.nextConnected(link.sid(), clock.getAsLong());
    if (!there.known()) {
      after(HELLO_MS, () -> ready(move, link)); // then it goes without
    } else {
      greeted();
    }
  }

  private void greeted() {
    LeanMove move = course;
    Connection link = next;
    if (step != Step.CONNECTING || move == null || link == null || !link.connected()) {
      return;
    }
    if (there.is(here)) {
      attemptFailed(move, "back on " + there.pod());
    } else {
      ready(move, link);
    }
  }

  private void ready(LeanMove move, Connection link) {
    enter(Step.READYING);
    limit(move);
    link.emit(
        FeedEvents.WHO_AM_I,
        "{}",
        pod -> {
          if (link == next) {
            account.nextAnsweredBy(pod.path("name").asText(), pod.path("generation").asText());
            after(SETTLE_MS, () -> land(move));
          }
        });
  }

  private void land(LeanMove move) {
    enter(Step.LANDING);
    hold();
    if (move.old == null) {
      release(move);
      return;
    }
    sayLanded(move);
    after(REPEAT_MS, () -> sayLanded(move));
    after(Math.max(0, move.leftMs(clock.getAsLong())) + LANDED_MS, () -> release(move));
  }

  /** Its answer comes after all that the old server had sent before. */
  private void sayLanded(LeanMove move) {
    if (move.old == null) {
      return;
    }
    move.landedOpen++;
    move.old.emit(
        LANDED,
        Json.line(Map.of("pod", there.pod(), "connectMs", move.connectMs)),
        answer -> {
          move.landedOpen--;
          release(move);
        });
  }

  private void release(LeanMove move) {
    Connection taken = next;
    if (step != Step.LANDING || move != course || taken == null) {
      return;
    }
    enter(Step.OVERLAPPING);
    long nowMs = clock.getAsLong();
    move.releasedMs = nowMs;
    if (move.lostMs > 0) {
      move.downtimeMs = nowMs - move.lostMs;
    }
    Connection own = client.current();
    if (own != null && own != move.old) {
      own.leave(); // its reconnection, which was slower
    }
    client.adopt(taken);
    next = null;
    account.released(nowMs);
    here = there;
    move.dropped += inbox.release();
    outbox.release();
    client.sendNow();
    if (move.old == null) {
      overlapped(move);
    } else {
      after(OVERLAP_MS, () -> overlapped(move));
    }
  }

  private void overlapped(LeanMove move) {
    if (move.owed()) {
      lingering.add(move);
    } else {
      moved(move);
    }
    over();
  }

  private void moved(LeanMove move) {
    move.leaveOld();
    account.moved(move.account, clock.getAsLong(), move.figures());
    client.sendNow(); // what the old one has left unanswered
  }

  private void fail(LeanMove move, String reason) {
    leaveNext();
    inbox.forget();
    Connection left = client.current();
    boolean alone = left == null || !left.connected();
    account.moveFailed(move.account, reason, alone, clock.getAsLong());
    if (alone) {
      outbox.forget(); // it is due again over the connection to come
    }
    outbox.release();
    over();
  }

  private void over() {
    enter(Step.STAYING);
    Hint then = later;
    Connection over = laterOver;
    later = null;
    laterOver = null;
    if (then != null && over != null && over == client.current()) {
      begin(then, over);
    }
  }

  private void leaveNext() {
    Connection left = next;
    next = null;
    if (left != null) {
      left.leave();
    }
  }

  // ---------------------------------------------------------------- what goes wrong

  /**
   * A connection has ended.
   *
   * @return whether that was seen to
   */
  boolean ended(Connection link, Connection.End end) {
    if (lingering.ended(link)) {
      return true;
    }
    LeanMove move = course;
    if (step == Step.STAYING || move == null) {
      return false;
    }
    if (link == next) {
      if (step == Step.LANDING) {
        leaveNext();
        if (client.current() == null) {
          client.reconnect();
        }
        soon(() -> fail(move, end.reason()));
      } else {
        attemptFailed(move, end.reason());
      }
      return true;
    }
    if (link != move.old) {
      return false;
    }
    move.old = null;
    if (step == Step.OVERLAPPING) {
      overlapped(move);
      return true;
    }
    if (next == null || !next.connected()) {
      move.lostMs = clock.getAsLong();
      return false; // without a connection: the stock way, which the move may yet be faster than
    }
    account.cut(end.reason(), clock.getAsLong());
    client.adopt(null);
    hold();
    if (step == Step.LANDING) {
      soon(() -> release(move));
    } else {
      client.reconnect();
    }
    return true;
  }

  /** The client's own reconnection was first. */
  void cameBack() {
    here = new PodSaid();
    if (step != Step.STAYING && course != null) {
      outbox.forget(); // what was held for the next is due again
      fail(course, "its own reconnection was first");
    }
  }

  /** In what window to come back when a connection is lost; 0: in the stock way. */
  int plannedMs(Connection link) {
    boolean hinted = course != null && link == course.hintedOver;
    return hinted ? 0 : here.planMs();
  }

  /** Leaves for good. */
  void close() {
    enter(Step.STAYING);
    leaveNext();
    lingering.close();
    if (course != null && course.old != client.current()) {
      course.leaveOld();
    }
  }

  // ---------------------------------------------------------------- emits

  /** Whether emits are held. */
  boolean holding() {
    return outbox.holding();
  }

  private void hold() {
    if (!outbox.holding()) {
      outbox.hold();
      account.holding();
    }
  }

  /** Keeps an emit until there is a connection for it. */
  void hold(Runnable emit) {
    outbox.add(emit);
    if (course != null) {
      course.held++;
    }
  }

  // ---------------------------------------------------------------- time

  private void enter(Step other) {
    step = other;
    timers.forEach(timer -> timer.cancel(false));
    timers.clear();
  }

  /** While it lands: nothing else is waited for but the end of the other connection. */
  private void soon(Runnable then) {
    enter(Step.LANDING);
    after(BOTH_MS, then);
  }

  private void after(long ms, Runnable then) {
    timers.add(loop.schedule(then, ms, TimeUnit.MILLISECONDS));
  }
}
