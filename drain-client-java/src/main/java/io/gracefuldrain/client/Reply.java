package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.thread.EventThread;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The answer to an emit. The application gets it once, or hears once of the timeout. */
final class Reply implements Ack {
  // Null once it has ended.
  private final AtomicReference<@Nullable Ack> waiting;
  private final Runnable onExpiry;
  private volatile boolean expired;
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
    Ack ack = waiting.get();
    if (ack instanceof AckWithTimeout) {
      TimerTask expiry =
          new TimerTask() {
            @Override
            public void run() {
              expire();
            }
          };
      try {
        ((AckWithTimeout) ack).schedule(expiry);
      } catch (IllegalStateException e) {
        // The answer came first, on the event thread, and has ended the timer.
      }
    }
  }

  /** Whether nobody waits for the answer any more. */
  boolean over() {
    return waiting.get() == null;
  }

  /** Whether the application was told of a timeout. */
  boolean expired() {
    return expired;
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
    Ack ack = waiting.get();
    if (ack instanceof AckWithTimeout) {
      ((AckWithTimeout) ack).cancelTimer();
      expire();
    } else if (ack instanceof FutureAck && waiting.compareAndSet(ack, null)) {
      ((FutureAck) ack).lost();
    }
  }

  private void expire() {
    Ack ack = waiting.get();
    if (ack instanceof AckWithTimeout && waiting.compareAndSet(ack, null)) {
      expired = true;
      Callout.run(((AckWithTimeout) ack)::onTimeout);
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
