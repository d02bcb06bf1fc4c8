package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.thread.EventThread;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The answer that an emit waits for: given to the application once, or timed out. */
final class Reply implements Ack {
  // Null: it is over. The stock client keeps this reply until the connection ends, but then no
  // longer what the application gave: an AckWithTimeout has a thread, which ends with it.
  private final AtomicReference<@Nullable Ack> waiting;
  private final Runnable onExpiry;
  // Where it was sent, on the event thread.
  private @Nullable Channel channel;

  /**
   * Of one emit.
   *
   * @param onExpiry run on the event thread when it has timed out
   */
  Reply(Ack ack, Runnable onExpiry) {
    this.waiting = new AtomicReference<>(ack);
    this.onExpiry = onExpiry;
  }

  /** Begins the application's own timeout, which counts while the emit is held, too. */
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
        // The answer was faster, on the event thread, and has ended the timer.
      }
    }
  }

  /** Whether nobody waits for it any more. */
  boolean over() {
    return waiting.get() == null;
  }

  void sentOn(Channel sent) {
    channel = sent;
  }

  @Override
  public void call(Object... args) {
    Ack ack = waiting.getAndSet(null);
    if (ack != null) {
      Callout.run(() -> ack.call(args));
    }
    leave();
  }

  /** No answer will come: an application that gave a timeout is told, as the stock client does. */
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
            leave();
          });
    }
  }

  private void leave() {
    Channel sent = channel;
    if (sent != null) {
      channel = null;
      sent.answered(this);
    }
  }
}
