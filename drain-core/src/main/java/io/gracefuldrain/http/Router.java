package io.gracefuldrain.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the handler of a request. Refuses all others: other paths and methods, unknown parameters,
 * bodies, and changes without the token.
 */
final class Router {
  /** Who may ask. */
  enum Access {
    ANYBODY,
    ADMIN
  }

  /** Answers the requests of one route. */
  interface Handler {
    CompletableFuture<Answer> answer(Request request, Query query);
  }

  private record Route(Access access, Handler handler, Set<String> parameters) {}

  private final Optional<String> token;
  private final Map<String, Map<String, Route>> routes = new LinkedHashMap<>();

  Router(Optional<String> token) {
    this.token = token;
  }

  /** Adds a route with the parameters it knows; all are added before the first request. */
  void on(String method, String path, Access access, Handler handler, String... parameters) {
    routes
        .computeIfAbsent(path, any -> new LinkedHashMap<>())
        .put(method, new Route(access, handler, Set.of(parameters)));
  }

  CompletableFuture<Answer> answer(Request request) {
    Map<String, Route> methods = routes.get(request.path());
    if (methods == null) {
      throw new Refusal(
          Answer.error(
              404,
              "path: %s (expected: one of %s)"
                  .formatted(Query.shown(request.path()), String.join(", ", routes.keySet()))));
    }
    Route route = methods.get(request.method());
    if (route == null) {
      throw new Refusal(
          Answer.error(
                  405,
                  "method: %s (expected: %s)"
                      .formatted(
                          Query.shown(request.method()), String.join(" or ", methods.keySet())))
              .with("Allow", String.join(", ", methods.keySet())));
    }
    if (route.access() == Access.ADMIN) {
      checkToken(request);
    }
    checkNoBody(request);
    return route.handler().answer(request, Query.parse(request.query(), route.parameters()));
  }

  private void checkToken(Request request) {
    if (token.isEmpty()) {
      throw new Refusal(
          Answer.error(
              403,
              "%s %s is off: no admin token (expected: DRAIN_ADMIN_TOKEN to be set)"
                  .formatted(request.method(), request.path())));
    }
    String given = request.header().apply("Authorization");
    String scheme = "Bearer ";
    if (given == null || !given.regionMatches(true, 0, scheme, 0, scheme.length())) {
      throw unauthorized(given == null ? "none" : "no bearer token");
    }
    byte[] guess = given.substring(scheme.length()).trim().getBytes(StandardCharsets.UTF_8);
    // In constant time: the time depends on the guess alone.
    if (!MessageDigest.isEqual(guess, token.get().getBytes(StandardCharsets.UTF_8))) {
      throw unauthorized("a wrong token");
    }
  }

  private static Refusal unauthorized(String given) {
    return new Refusal(
        Answer.error(401, "Authorization: " + given + " (expected: Bearer and the admin token)")
            .with("WWW-Authenticate", "Bearer realm=\"drain\""));
  }

  /** Parameters in a body would be ignored silently. */
  private static void checkNoBody(Request request) {
    String length = request.header().apply("Content-Length");
    if (request.header().apply("Transfer-Encoding") != null
        || (length != null && !length.trim().equals("0"))) {
      throw Refusal.badRequest("body: present (expected: none; parameters belong in the query)");
    }
  }
}
