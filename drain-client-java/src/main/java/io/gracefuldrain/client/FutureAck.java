package io.gracefuldrain.client;

import io.socket.client.Ack;
import java.util.concurrent.CompletableFuture;

/** An answer as a future. It fails if the answer cannot come any more. */
final class FutureAck implements Ack {
  private final CompletableFuture<Object[]> answer = new CompletableFuture<>();

  CompletableFuture<Object[]> future() {
    return answer;
  }

  @Override
  public void call(Object... args) {
    answer.complete(args);
  }

  /** No answer will come. */
  void lost() {
    answer.completeExceptionally(
        new IllegalStateException("the connection has ended before its answer"));
  }
}
