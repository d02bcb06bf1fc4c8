package io.gracefuldrain.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a request. Refuses all others: other paths and methods, unknown parameters,
 * bodies, changes without the token, and hooks without their header. Probes are answered whatever
 * their form: one that fails for it restarts pods.
 */
final class Router {
  /** Who may ask. */
  enum Access {
    /** Whoever asks, in any form. */
    PROBE,
    ANYBODY,
    HOOK,
    /** Another pod: the handler looks at its headers. */
    PEER,
    ADMIN
  }

  /** Answers the requests of one route. */
  interface Handler {
    CompletableFuture<Answer> answer(Request request, Query query);
  }

  private record Route(Access access, Handler handler, Set<String> parameters) {}

  private final Optional<String> token;
  private final Optional<String> hookHeader;
  private final Map<String, Map<String, Route>> routes = new LinkedHashMap<>();

  /**
   * A router without routes.
   *
   * @param token of admins; without one nobody is
   * @param hookHeader name and value of the header of hooks; without one they need none
   */
  Router(Optional<String> token, Optional<String> hookHeader) {
    this.token = token;
    this.hookHeader = hookHeader;
  }

  /** Adds a route with the parameters it knows; all are added before the first request. */
  void on(String method, String path, Access access, Handler handler, String... parameters) {
    routes
        .computeIfAbsent(path, any -> new LinkedHashMap<>())
        .put(method, new Route(access, handler, Set.of(parameters)));
  }

  /** All paths that have a route. */
  Set<String> paths() {
    return Collections.unmodifiableSet(routes.keySet());
  }

  CompletableFuture<Answer> answer(Request request) {
    Route probe = probe(request);
    if (probe != null) {
      return probe.handler().answer(request, Query.NONE);
    }
    Route route = route(request);
    if (route.access() == Access.ADMIN) {
      checkToken(request);
    } else if (route.access() == Access.HOOK) {
      checkHook(request);
    }
    checkNoBody(request);
    return route.handler().answer(request, Query.parse(request.query(), route.parameters()));
  }

  /** The probe that is meant, whatever its form. */
  private @Nullable Route probe(Request request) {
    String path = request.path();
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    Route route = reads ? routes.getOrDefault(plain, Map.of()).get("GET") : null;
    return route != null && route.access() == Access.PROBE ? route : null;
  }

  private Route route(Request request) {
    Map<String, Route> methods = routes.get(request.path());
    if (methods == null) {
      throw new Refusal(
          Answer.error(
              404,
              "path: "
                  + Query.shown(request.path())
                  + " (expected: one of "
                  + String.join(", ", routes.keySet())
                  + ")"));
    }
    Route route = methods.get(request.method());
    if (route == null) {
      throw new Refusal(
          Answer.error(
                  405,
                  "method: "
                      + Query.shown(request.method())
                      + " (expected: "
                      + String.join(" or ", methods.keySet())
                      + ")")
              .with("Allow", String.join(", ", methods.keySet())));
    }
    return route;
  }

  private void checkToken(Request request) {
    if (token.isEmpty()) {
      throw new Refusal(
          Answer.error(
              403,
              request.method()
                  + " "
                  + request.path()
                  + " is off: no admin token (expected: DRAIN_ADMIN_TOKEN to be set)"));
    }
    String given = request.header().apply("Authorization");
    String scheme = "Bearer ";
    if (given == null || !given.regionMatches(true, 0, scheme, 0, scheme.length())) {
      throw unauthorized(given == null ? "none" : "no bearer token");
    }
    if (!same(given.substring(scheme.length()).trim(), token.get())) {
      throw unauthorized("a wrong token");
    }
  }

  /** In constant time: the time depends on the guess alone. */
  private static boolean same(String guess, String secret) {
    return MessageDigest.isEqual(
        guess.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }

  private void checkHook(Request request) {
    if (hookHeader.isEmpty()) {
      return;
    }
    int colon = hookHeader.get().indexOf(':');
    String name = hookHeader.get().substring(0, colon);
    String given = request.header().apply(name);
    if (given == null || !same(given.trim(), hookHeader.get().substring(colon + 1))) {
      throw new Refusal(
          Answer.error(
              403,
              name
                  + (given == null ? ": none" : ": a wrong value")
                  + " (expected: as DRAIN_HOOK_HEADER says)"));
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
