package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.json.JSONObject;

/** Calls the application's {@link Ready}. */
final class ReadyCall {
  private ReadyCall() {}

  /** Calls it for a channel of a move's next connection. Never throws. */
  static CompletionStage<?> moving(Channel channel) {
    return begin(channel, true);
  }

  /** Calls it outside of a move. Nothing waits for it; the application is told of a failure. */
  static void unawaited(Channel channel) {
    begin(channel, false)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                JSONObject why =
                    new JSONObject().put("reason", "ready").put("message", message(failure));
                EventThread.exec(() -> channel.socket().listeners().fire(Wire.FAILED, why));
              }
            });
  }

  private static CompletionStage<?> begin(Channel channel, boolean moving) {
    Ready ready = channel.socket().options().ready();
    try {
      CompletionStage<?> stage = ready == null ? null : ready.ready(channel.inner(), moving);
      return stage == null ? CompletableFuture.completedFuture(null) : stage;
    } catch (Throwable e) { // an Error too: it ends the move, not the event thread
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The failure, in words. */
  static String message(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
