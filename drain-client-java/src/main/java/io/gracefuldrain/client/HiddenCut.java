package io.gracefuldrain.client;

import org.jspecify.annotations.Nullable;

/**
 * The end of the old connection, while the application need not know of it. On the event thread.
 */
final class HiddenCut {
  private final Timers timers;
  private final Runnable onTimeOver;
  private Timers.Cancellable bound = Timers.NONE;
  private boolean begun;
  private boolean timeOver;
  private @Nullable String reason;
  private Object @Nullable [] close;

  /**
   * No cut yet.
   *
   * @param onTimeOver run when a cut has been hidden for as long as it may be without another
   *     connection
   */
  HiddenCut(Timers timers, Runnable onTimeOver) {
    this.timers = timers;
    this.onTimeOver = onTimeOver;
  }

  /** Why the connection ended; null if nothing is hidden. */
  @Nullable String reason() {
    return reason;
  }

  /** What its manager has said of that; null if nothing is hidden. */
  Object @Nullable [] close() {
    return close;
  }

  void of(String why) {
    reason = why;
  }

  void of(Object[] event) {
    close = event;
  }

  /** There is no other connection yet, so it may be hidden for some time only. */
  void forSomeTime() {
    if (!begun) {
      begun = true;
      bound =
          timers.after(
              Bounds.CUT_HIDDEN_MS,
              () -> {
                timeOver = true;
                onTimeOver.run();
              });
    }
  }

  /** Whether the time is over in which it may be hidden without another connection. */
  boolean timeOver() {
    return timeOver;
  }

  /** Whether it is hidden without another connection, and may stay so. */
  boolean inTime() {
    return begun && !timeOver;
  }

  /** It is hidden no more. */
  void forget() {
    reason = null;
    close = null;
  }

  void end() {
    bound.cancel();
  }
}
