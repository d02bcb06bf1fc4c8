package io.gracefuldrain.smoke;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/**
 * A way in which an application ends, the exit code that it has, the reason in the receipt, and
 * what is answered to whoever asked by HTTP.
 */
enum Way {
  SIGTERM(143, "SIGTERM", "") {
    @Override
    CompletableFuture<String> end(Shop shop) {
      shop.process().terminate();
      return NO_ANSWER;
    }
  },
  /** As the kubelet does it: the signal follows when the hook has answered. */
  PRE_STOP(143, "PRE_STOP", "\"phase\":\"DRAINED\"") {
    @Override
    CompletableFuture<String> end(Shop shop) {
      return body(shop.preStop()).whenComplete((answer, e) -> shop.process().terminate());
    }
  },
  SIGINT(130, "SIGINT", "") {
    @Override
    CompletableFuture<String> end(Shop shop) throws Exception {
      shop.process().signal("INT");
      return NO_ANSWER;
    }
  },
  SIGHUP(129, "SIGHUP", "") {
    @Override
    CompletableFuture<String> end(Shop shop) throws Exception {
      shop.process().signal("HUP");
      return NO_ANSWER;
    }
  },
  SPRING_APPLICATION_EXIT(4, "SHUTDOWN", "") {
    @Override
    CompletableFuture<String> end(Shop shop) {
      return body(shop.web("POST", "/end?by=SpringApplication.exit"));
    }
  },
  ACTUATOR_SHUTDOWN(0, "SHUTDOWN", "Shutting down") {
    @Override
    CompletableFuture<String> end(Shop shop) {
      return body(shop.actuator("POST", "/actuator/shutdown"));
    }
  },
  SYSTEM_EXIT(3, "SHUTDOWN", "") {
    @Override
    CompletableFuture<String> end(Shop shop) {
      return body(shop.web("POST", "/end?by=System.exit"));
    }
  };

  private static final CompletableFuture<String> NO_ANSWER = CompletableFuture.completedFuture("");

  private final int exitCode;
  private final String reason;
  private final String answer;

  Way(int exitCode, String reason, String answer) {
    this.exitCode = exitCode;
    this.reason = reason;
    this.answer = answer;
  }

  /** Begins the end; gives what is answered to it. */
  abstract CompletableFuture<String> end(Shop shop) throws Exception;

  private static CompletableFuture<String> body(CompletableFuture<HttpResponse<String>> response) {
    return response.thenApply(
        answer -> {
          if (answer.statusCode() != 200) {
            throw new AssertionError(answer + ": " + answer.body());
          }
          return answer.body();
        });
  }

  int exitCode() {
    return exitCode;
  }

  String reason() {
    return reason;
  }

  /** A part of it. */
  String answer() {
    return answer;
  }
}
