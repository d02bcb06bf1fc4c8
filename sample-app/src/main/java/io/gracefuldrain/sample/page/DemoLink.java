package io.gracefuldrain.sample.page;

import com.fasterxml.jackson.databind.node.TextNode;
import io.gracefuldrain.lab.process.DaemonThreads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The page's link to the demo of this pod. The page may ask for the demo's status, and for a
 * rollout. A pod that was started without a demo says so. Thread-safe.
 */
public final class DemoLink {
  static final String PATH = "/demo/";

  /**
   * The header that a request for a rollout must have. Pages of other sites cannot send it: the
   * browser asks the server for permission first, and the server gives none.
   */
  static final String HEADER = "x-graceful-drain-demo";

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final String ALONE =
      "This pod was started without the demo, so there is nothing to roll out. Try the command"
          + " demo.";

  /**
   * An answer.
   *
   * @param json its body
   */
  record Answer(int status, String json) {}

  private final @Nullable URI address;
  private final String token;
  private final @Nullable HttpClient http;

  private DemoLink(@Nullable URI address, String token) {
    this.address = address;
    this.token = token;
    this.http =
        address == null
            ? null
            : HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** The demo that started this pod, as it says in the environment; or none. */
  public static DemoLink of(Map<String, String> environment) {
    String address = environment.get("SAMPLE_DEMO_ADDRESS");
    return new DemoLink(
        address == null ? null : URI.create(address),
        environment.getOrDefault("SAMPLE_DEMO_TOKEN", ""));
  }

  /**
   * Ends this pod when the demo is gone and has not ended it: standard input is a pipe from the
   * demo. Does nothing on a pod without a demo.
   */
  public void endWithTheDemo() {
    if (address != null) {
      DaemonThreads.named("sample-demo-watch").newThread(DemoLink::awaitEnd).start();
    }
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // The demo writes nothing; only the end counts.
      }
    } catch (IOException e) {
      // The same as the end.
    }
    Runtime.getRuntime().halt(1); // without the demo nobody needs a drain or reads the output
  }

  /**
   * Answers a request below {@link #PATH}. Does not block.
   *
   * @param asked the value of {@link #HEADER}, or null
   */
  CompletableFuture<Answer> ask(String method, String path, @Nullable String asked) {
    boolean rollout = path.equals(PATH + "rollout");
    if (!rollout && !path.equals(PATH + "status")) {
      return done(404, error(path + ": there is no such thing (expected: status or rollout)"));
    }
    String expected = rollout ? "POST" : "GET";
    if (!method.equals(expected)) {
      return done(405, error(method + ": not for " + path + " (expected: " + expected + ")"));
    }
    if (rollout && asked == null) {
      return done(403, error(HEADER + ": missing (expected: any value)"));
    }
    if (address == null || http == null) {
      return rollout
          ? done(501, error(ALONE))
          : done(200, "{\"available\":false,\"message\":" + TextNode.valueOf(ALONE) + "}");
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(rollout ? "/rollout" : "/status"))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token);
    if (rollout) {
      request.POST(BodyPublishers.noBody());
    }
    return http.sendAsync(request.build(), BodyHandlers.ofString())
        .thenApply(answer -> new Answer(answer.statusCode(), answer.body()))
        .exceptionally(e -> new Answer(502, error("the demo does not answer: " + e.getMessage())));
  }

  private static CompletableFuture<Answer> done(int status, String json) {
    return CompletableFuture.completedFuture(new Answer(status, json));
  }

  private static String error(String text) {
    return "{\"error\":" + TextNode.valueOf(text) + "}";
  }
}
