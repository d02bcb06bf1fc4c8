package io.gracefuldrain.sample.front;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks each server's {@code /readyz} five times a second, on a thread for each, and tells what
 * changes. A server that does not answer within a second is not ready.
 */
final class Readiness implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofMillis(200);
  static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final List<Backend> backends;
  private final Consumer<String> journal;
  private final List<Thread> threads;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  Readiness(List<Backend> backends, Consumer<String> journal) {
    this.backends = backends;
    this.journal = journal;
    this.threads = backends.stream().map(this::watcher).toList();
  }

  /** In the order of the constructor. */
  List<Backend> backends() {
    return backends;
  }

  private Thread watcher(Backend backend) {
    Thread thread = new Thread(() -> watch(backend), "front-ready-" + backend.address().port());
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    threads.forEach(Thread::start);
  }

  private void watch(Backend backend) {
    HttpRequest question = HttpRequest.newBuilder(backend.address().readiness()).build();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        boolean answer = ask(question);
        if (backend.ready(answer)) {
          journal.accept(backend.address() + (answer ? " is ready" : " is not ready") + tally());
        }
        Thread.sleep(INTERVAL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A request's own timeout ends with the headers; this one includes the body. */
  private boolean ask(HttpRequest question) throws InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(question, BodyHandlers.discarding());
    try {
      return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).statusCode() == 200;
    } catch (ExecutionException | TimeoutException e) {
      return false; // nobody there, or too slow: not ready
    } finally {
      answer.cancel(true); // and closes its connection
    }
  }

  private String tally() {
    List<String> ready =
        backends.stream().filter(Backend::ready).map(each -> each.address().toString()).toList();
    return ready.isEmpty()
        ? "; none is: new connections go wherever one is accepted"
        : "; new connections go to " + String.join(", ", ready);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
