package io.gracefuldrain.client;

import io.gracefuldrain.client.Phase.Connecting;
import io.gracefuldrain.client.Phase.Holding;
import io.gracefuldrain.client.Phase.Idle;
import io.gracefuldrain.client.Phase.Overlap;
import io.gracefuldrain.client.Phase.Preparing;
import io.socket.client.Manager;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One move, from the old connection to the next. It goes through its states in their order, but a
 * failed attempt leads back to connecting. On the event thread.
 */
final class Move implements Approach.Events, RetiredConnection.Events {
  private final Mover mover;
  private final Hints.Due due;
  private final Timers timers;
  private final long overlapMs;
  private final Connection old;
  private final Grace grace;
  private final Receipt receipt;
  private final Approach approach;
  // Namespaces that the old pod has ended, which the application has not been told.
  private final Set<AwareSocket> ended = new LinkedHashSet<>();
  private Phase state;
  private Timers.Cancellable bound = Timers.NONE;
  private final HiddenCut hidden;

  Move(Mover mover, Timers timers, long overlapMs, Hints.Due due) {
    this.mover = mover;
    this.timers = timers;
    this.overlapMs = overlapMs;
    this.due = due;
    Hint hint = due.hint();
    old = due.over();
    grace = new Grace(hint.graceMs(), due.deadline(), timers);
    receipt = new Receipt(hint.reason(), old.pod(), timers.nanoTime());
    approach = new Approach(number -> open(hint, number), old.pod(), grace, timers, receipt, this);
    state = new Connecting(approach);
    hidden = new HiddenCut(timers, this::hideNoMore);
  }

  private @Nullable Connection open(Hint hint, int number) {
    mover.log("attempt", "attempt", number);
    mover.attempting(number);
    return state instanceof Connecting // else the application has disconnected
        ? mover.next(hint, number == 1 && old.isWebSocket(), approach.declined().keySet())
        : null;
  }

  /** The only place that changes the state. */
  private void advance(Phase to) {
    state.end();
    state = to;
    mover.state(to.name());
  }

  // From state to state.

  void begin() {
    mover.state(state.name());
    mover.tell(Wire.MOVING, receipt.moving(grace.graceMs()));
    if (state instanceof Connecting) { // else the application has disconnected
      bound = grace.after(0, () -> fail(Failure.TIMEOUT, grace.exceeded()));
      approach.attempt();
    }
  }

  @Override
  public void connected(Connection next) {
    Phase last = state;
    mover.log("connected", "connectMs", receipt.connectMs());
    if (state != last) { // the application has disconnected
      return;
    }
    Preparation preparation = new Preparation(next, this::hold, why -> fail(Failure.READY, why));
    advance(new Preparing(next, preparation));
    preparation.begin();
  }

  private void hold() {
    if (state instanceof Preparing) {
      Preparing last = (Preparing) state;
      bound.cancel();
      receipt.arrivedAt(last.next().pod());
      mover.log("holding", "to", last.next().pod().pod());
      if (state != last) { // the application has disconnected
        return;
      }
      mover.hold();
      Landing landing =
          new Landing(
              old,
              receipt.landed(),
              timers,
              this::release,
              why -> fail(Failure.LOST, why),
              this::landed);
      advance(new Holding(last.next(), last.preparation(), landing));
      landing.begin(grace);
    }
  }

  private void landed(Object[] answer) {
    if (Wire.isError(answer)) {
      mover.ignored(Wire.LANDED, answer, "an answer without an error");
    }
  }

  private void release() {
    if (state instanceof Holding) {
      Holding last = (Holding) state;
      Connection next = last.next();
      hidden.end();
      receipt.released(timers.nanoTime());
      advance(new Overlap());
      RetiredConnection retired = new RetiredConnection(old, overlapMs, timers, receipt, this);
      mover.adopt(next, retired, last.preparation(), receipt, approach.declined());
      approach.inbox().empty((socket, event, args) -> mover.deliver(next, socket, event, args));
      receipt.held(mover.release(ended));
      mover.greet();
      retired.begin();
    }
  }

  @Override
  public void dropped() {
    mover.tell(Wire.MOVED, receipt.moved());
    mover.dropped(old);
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
  public void lost(Failure code, String why) {
    if (state instanceof Holding) {
      ((Holding) state).landing().nextEnded(why);
    } else if (state.beforeRelease()) {
      mover.log("attempt failed", "attempt", approach.made(), "code", code.code(), "message", why);
      if (!hidden.inTime()) {
        reveal(); // neither of the two stands now
      }
      if (state.beforeRelease()) { // else the application has disconnected
        advance(new Connecting(approach));
        approach.again(code, why);
      }
    }
  }

  /** The client goes on as a stock client would. Nothing that was held is lost. */
  @Override
  public void fail(Failure code, String message) {
    if (!state.beforeRelease()) {
      return;
    }
    abandon();
    mover.tell(Wire.FAILED, receipt.failed(code, message));
    reveal();
    Set<AwareSocket> gone = new LinkedHashSet<>(ended);
    gone.forEach(mover::end);
    mover.stay(gone);
    mover.release(ended);
    if (code == Failure.REFUSED && !approach.declined().isEmpty() && gone.isEmpty()) {
      mover.declined(due);
    }
    mover.over();
  }

  /** The application is told of the cut that was hidden from it. */
  private void reveal() {
    String reason = hidden.reason();
    Object[] close = hidden.close();
    hidden.forget();
    if (close != null) {
      mover.fire(Manager.EVENT_CLOSE, close);
    }
    if (reason != null) {
      for (Channel channel : new ArrayList<>(old.channels())) {
        if (!ended.contains(channel.socket())) {
          channel.socket().lost(reason);
        }
      }
      old.comeBack(timers);
    }
  }

  /** The application has disconnected everything. */
  void cancel() {
    if (state.beforeRelease()) {
      abandon();
      mover.release(ended);
      mover.over();
    } else {
      over();
    }
  }

  private void abandon() {
    advance(new Idle());
    bound.cancel();
    hidden.end();
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
      fail(
          Failure.TIMEOUT,
          "held-back deliveries: " + Bounds.HELD_MOST + " (expected: fewer before the release)");
    }
  }

  /** The connection has failed, or the next pod has refused a namespace. */
  void refused(Channel channel, Object error) {
    String why = Reason.of(error);
    if (!channel.refused()) {
      lost(Failure.REFUSED, why);
      return;
    }
    AwareSocket socket = channel.socket();
    mover.log("namespace refused", "nsp", socket.namespace(), "message", why);
    approach.refused(socket, why);
    mover.refused(socket, error); // the application may connect it anew, or disconnect
    if (state.beforeRelease() && channel.refused() && socket.isActive()) {
      staysBehind(socket);
    }
  }

  /** The next pod has ended a namespace that it had admitted. */
  void endedByNext(AwareSocket socket, String reason) {
    if (ended.contains(socket) || !holding()) {
      approach.refused(socket, reason); // that is its answer, too
      staysBehind(socket);
    } else {
      lost(Failure.REFUSED, reason);
    }
  }

  /** The socket does not come along. If the old pod has ended it, too, it ends for good. */
  private void staysBehind(AwareSocket socket) {
    Connection next = approach.next();
    if (next != null && next.hasNoneBut(socket)) {
      fail(Failure.REFUSED, approach.refusal());
    } else if (ended.remove(socket)) {
      mover.tell(socket, Wire.FAILED, receipt.failed(Failure.REFUSED, approach.refusal()));
      mover.end(socket); // after that it may have been connected anew
    } else {
      state.left(socket);
    }
  }

  // What the old connection does.

  /**
   * Its pod has ended a namespace. Servers that admit a user once do that when the next connection
   * comes. Returns whether the application need not know yet.
   */
  boolean end(AwareSocket socket) {
    if (!state.beforeRelease()) {
      return false;
    }
    Connection next = approach.next();
    Channel there = next == null ? null : next.known(socket);
    if (there != null && there.refused()) {
      return false;
    }
    mover.log("namespace ended", "nsp", socket.namespace());
    ended.add(socket);
    cut();
    return true;
  }

  /** Whether nothing more can be done on the old connection, since its pod has ended it. */
  boolean oldHasEnded() {
    return state.beforeRelease() && !ended.isEmpty() && old.standing() == null;
  }

  /** Whether the application need not know that it ends, since the next connection stands. */
  boolean hides(String reason) {
    boolean hides = state.beforeRelease() && covers();
    if (hides) {
      hidden.of(reason);
    }
    if (hides && !approach.stands()) { // its own reconnect may come first
      receipt.gap();
      hidden.forSomeTime();
    }
    return hides;
  }

  /** Whether the next connection stands, or may do so before anybody has to know. */
  private boolean covers() {
    return approach.stands() || (state instanceof Connecting && !hidden.timeOver());
  }

  private void hideNoMore() {
    if (state instanceof Connecting) {
      reveal();
    }
  }

  /** Whether the application need not know of an event of its manager. */
  boolean hides(String event, Object[] args) {
    if (!state.beforeRelease()) {
      return false;
    }
    boolean close = event.equals(Manager.EVENT_CLOSE) && old.isWanted();
    // The manager closes itself when the pod has ended the last namespace, and says it before that.
    boolean byServer = close && args.length > 0 && "forced close".equals(args[0]);
    if (close && (covers() || byServer)) {
      hidden.of(args);
      if (approach.stands() || byServer) {
        old.stayAway();
      }
    }
    boolean errorOfACut = event.equals(Manager.EVENT_ERROR) && covers();
    return hidden.close() != null || errorOfACut;
  }

  /** It was cut in one of its namespaces. */
  void cut() {
    if (state.beforeRelease() && old.standing() == null) {
      mover.log("cut", "isHidden", hidden.reason() != null || !ended.isEmpty());
      receipt.cut(timers.nanoTime());
      if (state instanceof Holding) {
        ((Holding) state).landing().oldEnded();
      }
    }
  }

  /** It has joined a namespace. If it was cut, its own reconnect was faster than the move. */
  void oldJoined() {
    if (receipt.wasCut()) {
      fail(Failure.RETURNED, "the old connection came back first");
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
    if (state instanceof Holding) {
      ((Holding) state).landing().hurry();
    }
    Connection next = next();
    boolean oldEnded = hidden.reason() != null || ended.contains(socket);
    Channel channel = !oldEnded || next == null ? null : next.known(socket);
    if (channel != null && channel.joined()) {
      mover.sendLastWords(channel);
    }
  }

  void leave(AwareSocket socket) {
    if (state.beforeRelease()) {
      ended.remove(socket);
      approach.leave(socket);
      state.left(socket);
    }
  }

  /** Whether landed is the only message that may go out on the old connection. */
  boolean holding() {
    return state instanceof Holding;
  }
}
