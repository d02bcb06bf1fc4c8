package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** Calls the application's {@link Ready}. */
final class ReadyCall {
  private ReadyCall() {}

  /** Calls it for a channel of a move's next connection. Never throws. */
  static CompletionStage<?> moving(Channel channel) {
    return begin(channel, channel.beginReady(), true);
  }

  /** Calls it outside of a move. Nothing waits for it; the application is told of a failure. */
  static void unawaited(Channel channel) {
    NextSocket given = channel.beginReady();
    begin(channel, given, false)
        .whenComplete((done, failure) -> EventThread.exec(() -> ended(channel, given, failure)));
  }

  private static void ended(Channel channel, NextSocket given, @Nullable Throwable failure) {
    given.done();
    if (failure != null) {
      JSONObject why =
          new JSONObject()
              .put("reason", "ready")
              .put("code", Failure.READY.code())
              .put("message", Reason.of(failure));
      channel.socket().tell(Wire.FAILED, why);
    }
  }

  private static CompletionStage<?> begin(Channel channel, NextSocket given, boolean moving) {
    Ready ready = channel.socket().options().ready();
    try {
      CompletionStage<?> stage = ready == null ? null : ready.ready(given, moving);
      return stage == null ? CompletableFuture.completedFuture(null) : stage;
    } catch (Throwable e) { // an Error too: it ends the move, not the event thread
      CompletableFuture<Void> failed = new CompletableFuture<>();
      failed.completeExceptionally(e);
      return failed;
    }
  }
}
