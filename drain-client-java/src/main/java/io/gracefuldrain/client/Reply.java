package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.thread.EventThread;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The answer that an emit waits for: given to the application once, or timed out. */
final class Reply implements Ack {
  private final Ack ack;
  private final AtomicBoolean over = new AtomicBoolean();
  // Where it was sent, on the event thread.
  private @Nullable Channel channel;

  Reply(Ack ack) {
    this.ack = ack;
  }

  /** Begins the application's own timeout, which counts while the emit is held, too. */
  void begin() {
    if (ack instanceof AckWithTimeout timed) {
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
    return over.get();
  }

  void sentOn(Channel sent) {
    channel = sent;
  }

  @Override
  public void call(Object... args) {
    if (over.compareAndSet(false, true)) {
      Callout.run(() -> ack.call(args));
    }
    leave();
  }

  /** No answer will come: an application that gave a timeout is told, as the stock client does. */
  void lost() {
    if (ack instanceof AckWithTimeout timed) {
      timed.cancelTimer();
      expire();
    }
  }

  private void expire() {
    if (ack instanceof AckWithTimeout timed && over.compareAndSet(false, true)) {
      Callout.run(timed::onTimeout);
      EventThread.exec(this::leave);
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
