package io.gracefuldrain.client;

import io.gracefuldrain.client.MoveState.Connecting;
import io.gracefuldrain.client.MoveState.Holding;
import io.gracefuldrain.client.MoveState.Idle;
import io.gracefuldrain.client.MoveState.Overlap;
import io.gracefuldrain.client.MoveState.Preparing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One move, from the old connection to the next. It goes through its states in their order, but a
 * failed attempt leads back to connecting. On the event thread.
 */
final class Move implements Approach.Events, RetiredConnection.Events {
  private final Mover mover;
  private final Timers timers;
  private final long overlapMs;
  private final Connection old;
  private final Grace grace;
  private final Receipt receipt;
  private final Approach approach;
  private MoveState state;
  private Timers.Cancellable bound = Timers.NONE;
  // Why the old connection ended, if the application was not told.
  private @Nullable String hidden;

  Move(Mover mover, Timers timers, long overlapMs, Hints.Due due) {
    this.mover = mover;
    this.timers = timers;
    this.overlapMs = overlapMs;
    Hint hint = due.hint();
    old = due.over();
    grace = new Grace(hint.graceMs(), due.deadline(), timers);
    receipt = new Receipt(hint.reason(), old.pod(), timers.nanoTime());
    approach = new Approach(() -> mover.next(hint), old.pod(), grace, timers, receipt, this);
    state = new Connecting(approach);
  }

  /** The only place that changes the state. */
  private void advance(MoveState to) {
    state.end();
    state = to;
  }

  // From state to state.

  void begin() {
    mover.tell(Wire.MOVING, receipt.moving(grace.graceMs()));
    if (state instanceof Connecting) { // else the application has disconnected
      bound = grace.after(0, () -> fail(grace.exceeded()));
      approach.attempt();
    }
  }

  @Override
  public void connected(Connection next) {
    Preparation preparation = new Preparation(next, this::hold, this::fail);
    advance(new Preparing(next, preparation));
    preparation.begin();
  }

  private void hold() {
    if (state instanceof Preparing last) {
      bound.cancel();
      mover.hold();
      receipt.arrivedAt(last.next().pod());
      Landing landing = new Landing(old, receipt.landed(), timers, this::release, this::fail);
      advance(new Holding(last.next(), last.preparation(), landing));
      landing.begin(grace);
    }
  }

  private void release() {
    if (state instanceof Holding last) {
      receipt.released(timers.nanoTime());
      advance(new Overlap());
      RetiredConnection retired = new RetiredConnection(old, overlapMs, timers, receipt, this);
      mover.adopt(last.next(), retired, last.preparation());
      approach.inbox().empty(mover::deliver);
      receipt.held(mover.release());
      retired.begin();
    }
  }

  @Override
  public void dropped() {
    mover.dropped(old);
    mover.tell(Wire.MOVED, receipt.moved());
  }

  @Override
  public void over() {
    if (state instanceof Overlap) {
      advance(new Idle());
      mover.over();
    }
  }

  /** The next connection has ended, was refused, or leads back. */
  @Override
  public void lost(String why) {
    if (state instanceof Holding now) {
      now.landing().nextEnded(why);
    } else if (state.beforeRelease()) {
      advance(new Connecting(approach));
      approach.again(why);
    }
  }

  /** The client goes on as a stock client would. Nothing that was held is lost. */
  @Override
  public void fail(String message) {
    if (!state.beforeRelease()) {
      return;
    }
    abandon();
    if (hidden != null) {
      for (Channel channel : List.copyOf(old.channels())) {
        channel.socket().lost(hidden);
      }
    }
    mover.stay();
    mover.release();
    mover.tell(Wire.FAILED, receipt.failed(message));
    mover.over();
  }

  /** The application has disconnected everything. */
  void cancel() {
    if (state.beforeRelease()) {
      abandon();
      mover.release();
      mover.over();
    } else {
      over();
    }
  }

  private void abandon() {
    advance(new Idle());
    bound.cancel();
    approach.drop();
  }

  // What the next connection does.

  /** The next connection until it is current; null between two attempts. */
  @Nullable Connection next() {
    return state.beforeRelease() ? approach.next() : null;
  }

  void joined(Channel channel) {
    state.joined(channel);
  }

  void greeted() {
    state.greeted();
  }

  /** It has delivered an event before it is current. */
  void arrived(AwareSocket socket, String event, Object[] args) {
    if (!approach.inbox().add(socket, event, args)) {
      fail("held-back deliveries: " + Bounds.HELD_MOST + " (expected: fewer before the release)");
    }
  }

  /** The pod has refused it, or a namespace on it. */
  void refused(Channel channel, String why) {
    if (state instanceof Connecting) {
      lost(why);
    } else {
      leave(channel.socket()); // a namespace that came late: the old pod may admit it
    }
  }

  // What the old connection does.

  /** Whether the application need not know that it ends, since the next connection stands. */
  boolean hides(String reason) {
    boolean hides = state.beforeRelease() && approach.stands();
    if (hides) {
      hidden = reason;
    }
    return hides;
  }

  /** It was cut in one of its namespaces. */
  void cut() {
    if (state.beforeRelease() && old.standing() == null) {
      receipt.cut(timers.nanoTime());
      if (state instanceof Holding now) {
        now.landing().oldEnded();
      }
    }
  }

  /** It has joined a namespace. If it was cut, its own reconnect was faster than the move. */
  void oldJoined() {
    if (receipt.wasCut()) {
      fail("the old connection came back first");
    }
  }

  // What the application does.

  /** One more namespace is to come along. */
  void join(AwareSocket socket) {
    if (state.beforeRelease()) {
      approach.join(socket);
    }
  }

  /** A socket is about to leave. If the old connection has ended, its emits go out on the next. */
  void sendLastWords(AwareSocket socket) {
    if (state instanceof Holding now) {
      now.landing().hurry();
    }
    Connection next = next();
    Channel channel = hidden == null || next == null ? null : next.known(socket);
    if (channel != null && channel.joined()) {
      mover.sendLastWords(channel);
    }
  }

  void leave(AwareSocket socket) {
    if (state.beforeRelease()) {
      approach.leave(socket);
      state.left(socket);
    }
  }

  /** Whether landed is the only message that may go out on the old connection. */
  boolean holding() {
    return state instanceof Holding;
  }
}
