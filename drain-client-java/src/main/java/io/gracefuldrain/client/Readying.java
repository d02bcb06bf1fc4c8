package io.gracefuldrain.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Calls the application's {@link Ready}. */
final class Readying {
  private Readying() {}

  /** Begins to make a channel ready; never throws. */
  static CompletionStage<?> begin(Channel channel, boolean moving) {
    Ready ready = channel.socket().options().ready();
    try {
      CompletionStage<?> stage = ready == null ? null : ready.ready(channel.inner(), moving);
      return stage == null ? CompletableFuture.completedFuture(null) : stage;
    } catch (Throwable e) { // of whatever kind, the move ends by it
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What went wrong, in words. */
  static String message(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
