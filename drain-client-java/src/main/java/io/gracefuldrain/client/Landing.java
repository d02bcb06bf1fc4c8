package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.function.Consumer;
import org.json.JSONObject;

/**
 * The wait of a move while emits are held. It ends with the old pod's answer to {@code
 * drain:landed}, or with the old connection. On the event thread.
 */
final class Landing {
  private final Connection old;
  private final JSONObject landed;
  private final Timers timers;
  private final Runnable onLanded;
  private final Consumer<String> onFailure;
  private final Consumer<Object[]> onAnswer;
  private Timers.Cancellable bound = Timers.NONE;
  private Timers.Cancellable step = Timers.NONE;
  private boolean nextLost;
  private boolean over;

  /**
   * The landing of one move.
   *
   * @param landed the message to the old pod
   * @param onLanded run when the old connection needs no more waiting
   * @param onFailure told why, when the next connection is lost
   * @param onAnswer told what the old pod has answered
   */
  Landing(
      Connection old,
      JSONObject landed,
      Timers timers,
      Runnable onLanded,
      Consumer<String> onFailure,
      Consumer<Object[]> onAnswer) {
    this.old = old;
    this.landed = landed;
    this.timers = timers;
    this.onLanded = onLanded;
    this.onFailure = onFailure;
    this.onAnswer = onAnswer;
  }

  void begin(Grace grace) {
    bound = grace.after(Bounds.BEYOND_GRACE_MS, this::landed);
    // Other threads may have emitted before the gate closed. Those emits are queued, and go first.
    EventThread.nextTick(() -> say(true));
  }

  private void say(boolean again) {
    if (over) {
      return;
    }
    Channel channel = old.standing();
    if (channel == null) {
      oldEnded();
      return;
    }
    channel.say(
        Wire.LANDED,
        landed,
        answer -> {
          onAnswer.accept(answer);
          landed();
        });
    if (again) {
      step = timers.after(Bounds.LANDED_AGAIN_MS, () -> say(false));
    }
  }

  /** The old connection has ended, which is an answer too, if the next one stays. */
  void oldEnded() {
    if (!nextLost) {
      soon(this::landed);
    }
  }

  /** The next connection has ended. The old one may be about to end too. */
  void nextEnded(String why) {
    nextLost = true;
    soon(() -> onFailure.accept("the next connection was lost: " + why));
  }

  /** Gives the other connection time to end too, even beyond the bound. */
  private void soon(Runnable then) {
    bound.cancel();
    step.cancel();
    step = timers.after(Bounds.BOTH_CUT_MS, then);
  }

  /** The application is leaving: if the old connection has ended, the wait ends at once. */
  void hurry() {
    if (old.standing() == null) {
      landed();
    }
  }

  private void landed() {
    if (!over && !nextLost) {
      onLanded.run();
    }
  }

  /** The move no longer waits. */
  void end() {
    over = true;
    bound.cancel();
    step.cancel();
  }
}
