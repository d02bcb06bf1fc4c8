package io.gracefuldrain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that do something at the same moment, again and again. */
final class Race implements AutoCloseable {
  private final ExecutorService threads;

  Race(int racers) {
    threads =
        Executors.newFixedThreadPool(
            racers,
            task -> {
              Thread thread = new Thread(task, "racer");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Runs them once, side by side; returns the result of each. */
  <T> List<T> run(List<Callable<T>> racers) throws Exception {
    CyclicBarrier line = new CyclicBarrier(racers.size());
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> racer : racers) {
      futures.add(
          threads.submit(
              () -> {
                line.await(10, TimeUnit.SECONDS);
                return racer.call();
              }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get(30, TimeUnit.SECONDS));
    }
    return results;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
