package io.gracefuldrain.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A pod's management port. Every request has a bound. */
final class Management {
  private final URI base;
  private final Optional<String> token;
  private final HttpClient http;

  Management(URI base, Optional<String> token, Duration connectTimeout) {
    this.base = base;
    this.token = token;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // the token is for this server
            .connectTimeout(connectTimeout)
            .build();
  }

  /**
   * Asks for something.
   *
   * @return the answer, one line
   * @throws Failure if the server refuses, cannot be reached, or takes longer than the timeout
   */
  String ask(String method, String path, Duration timeout) throws Failure {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).method(method, BodyPublishers.noBody());
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    HttpResponse<String> response = await(request.build(), timeout);
    String line = response.body().strip();
    if (response.statusCode() / 100 != 2) {
      throw new Failure(ExitCode.REFUSED, refusal(response.statusCode(), line));
    }
    if (line.indexOf('\n') >= 0) {
      throw new Failure(
          ExitCode.REFUSED,
          base + " answered with a page (expected: a management port's one line)");
    }
    return line;
  }

  // HttpRequest's own timeout ends with the headers. It would not end the wait for a body that
  // never
  // comes.
  private HttpResponse<String> await(HttpRequest request, Duration timeout) throws Failure {
    CompletableFuture<HttpResponse<String>> response =
        http.sendAsync(request, BodyHandlers.ofString());
    try {
      return response.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Failure(ExitCode.UNREACHABLE, base + " cannot be reached: " + reason(cause));
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new Failure(
          ExitCode.TIMEOUT, base + " did not answer within " + DurationText.of(timeout));
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.TIMEOUT, "interrupted while waiting for " + base);
    }
  }

  static String reason(Throwable failure) {
    if (failure instanceof HttpConnectTimeoutException) {
      return "no connection in time";
    }
    if (failure instanceof ConnectException
        && failure.getCause() instanceof UnresolvedAddressException) {
      return "unknown host";
    }
    if (failure instanceof ConnectException && failure.getMessage() == null) {
      return "connection refused";
    }
    return failure instanceof IOException && failure.getMessage() != null
        ? failure.getMessage()
        : failure.toString();
  }

  private String refusal(int status, String body) {
    String said = ErrorBody.message(body).orElse("no reason given");
    return base + " refused (" + status + "): " + said;
  }
}
