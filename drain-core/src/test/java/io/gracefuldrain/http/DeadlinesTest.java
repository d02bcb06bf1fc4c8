package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requests whose bound cannot be set. */
final class DeadlinesTest {
  @Test
  void set_noMoreThreads_nothingWaitsWithoutABound() {
    DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults());
    Deadlines bound =
        new Deadlines(
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            });
    DrainEndpoints endpoints = new DrainEndpoints(coordinator, null, bound);

    for (int i = 0; i <= Waits.PLACES; i++) { // each place is given back
      CompletableFuture<Answer> answer =
          endpoints
              .handle(
                  new Request(
                      "GET", "/hooks/post-start", null, Map.<String, String>of()::get, () -> true))
              .toCompletableFuture();
      assertThat(answer.join().body()).contains("not started within");
    }
    coordinator.close();
  }
}
