package io.gracefuldrain.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Does something about a request that waits when nothing has answered it in time. */
interface Bound {
  void set(CompletableFuture<Answer> waiting, Duration after, Runnable late);
}
