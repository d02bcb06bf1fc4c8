package io.gracefuldrain.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Answers a waiting request when nothing else has done so in time. */
interface Bound {
  void set(CompletableFuture<Answer> waiting, Duration after, Answer late);
}
