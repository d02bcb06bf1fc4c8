package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.thread.EventThread;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The answer to an emit. The application gets it once, or hears once of the timeout. */
final class Reply implements Ack {
  // Null once it has ended. The stock client keeps this reply until the connection ends. It must
  // not keep the application's Ack as long: an AckWithTimeout holds a thread until it ends.
  private final AtomicReference<@Nullable Ack> waiting;
  private final Runnable onExpiry;
  // Tells the channel that sent the emit. For the event thread.
  private @Nullable Runnable onEnd;

  /**
   * The reply to one emit.
   *
   * @param onExpiry run on the event thread after a timeout
   */
  Reply(Ack ack, Runnable onExpiry) {
    this.waiting = new AtomicReference<>(ack);
    this.onExpiry = onExpiry;
  }

  /** Starts the application's own timeout. It runs while the emit is held, too. */
  void begin() {
    if (waiting.get() instanceof AckWithTimeout timed) {
      TimerTask expiry =
          new TimerTask() {
            @Override
            public void run() {
              expire();
            }
          };
      try {
        timed.schedule(expiry);
      } catch (IllegalStateException e) {
        // The answer came first, on the event thread, and has ended the timer.
      }
    }
  }

  /** Whether nobody waits for the answer any more. */
  boolean over() {
    return waiting.get() == null;
  }

  /** The emit is sent; the task runs when the reply has ended. */
  void sent(Runnable whenOver) {
    onEnd = whenOver;
  }

  @Override
  public void call(Object... args) {
    Ack ack = waiting.getAndSet(null);
    if (ack != null) {
      Callout.run(() -> ack.call(args));
    }
    end();
  }

  /** No answer will come. As in the stock client, an application that set a timeout is told. */
  void lost() {
    if (waiting.get() instanceof AckWithTimeout timed) {
      timed.cancelTimer();
      expire();
    }
  }

  private void expire() {
    if (waiting.get() instanceof AckWithTimeout timed && waiting.compareAndSet(timed, null)) {
      Callout.run(timed::onTimeout);
      EventThread.exec(
          () -> {
            onExpiry.run();
            end();
          });
    }
  }

  private void end() {
    Runnable told = onEnd;
    if (told != null) {
      onEnd = null;
      told.run();
    }
  }
}
