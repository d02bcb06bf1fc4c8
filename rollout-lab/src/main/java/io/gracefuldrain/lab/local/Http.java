package io.gracefuldrain.lab.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The requests of a kubelet: plain GETs. Thread-safe. */
final class Http {
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Whether a probe succeeds. */
  boolean probe(URI uri) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PROBE_TIMEOUT).build();
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 400;
    } catch (IOException e) {
      return false; // no answer, or too slow: the probe fails
    }
  }

  /**
   * Calls a hook. It sets no timeout, and any answer counts.
   *
   * @param most the rest of the grace period; after that the request is given up
   * @return how it ended, for people
   */
  String hook(URI uri, Duration most) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    try {
      return "status "
          + client
              .sendAsync(request, BodyHandlers.discarding())
              .get(most.toMillis(), TimeUnit.MILLISECONDS)
              .statusCode();
    } catch (ExecutionException e) {
      return "broke: " + e.getCause();
    } catch (TimeoutException e) {
      return "left behind at the end of the grace period";
    }
  }
}
