package io.gracefuldrain.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Gives a waiting request its answer when nothing else has in time. */
interface Bound {
  void set(CompletableFuture<Answer> waiting, Duration after, Answer late);
}
