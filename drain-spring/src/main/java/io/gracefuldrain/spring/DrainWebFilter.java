package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.http.Answer;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Counts the HTTP requests of a reactive server as work of the pod, as {@code DrainFilter} does in
 * a servlet container: until the answer is complete, has failed, or its client has gone. From the
 * beginning of a drain, answers close their connection. Once the pod's gate is sealed, a new
 * request gets 503 with {@code Retry-After}. Event streams, upgrades and exempt paths are left
 * alone. Thread-safe.
 */
final class DrainWebFilter implements WebFilter {
  private final DrainCoordinator coordinator;
  private final ExemptPaths exempt;

  DrainWebFilter(DrainCoordinator coordinator, ExemptPaths exempt) {
    this.coordinator = coordinator;
    this.exempt = exempt;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return counts(exchange.getRequest())
        ? Mono.defer(() -> count(exchange, chain))
        : chain.filter(exchange);
  }

  private Mono<Void> count(ServerWebExchange exchange, WebFilterChain chain) {
    WorkLease lease = coordinator.work().tryBegin(name(exchange.getRequest()));
    if (lease == null || coordinator.phase().draining()) {
      // HTTP/2 has no such header; its server drops it.
      exchange.getResponse().getHeaders().set("Connection", "close");
    }
    return lease == null
        ? refuse(exchange)
        : chain.filter(exchange).doFinally(end -> lease.close());
  }

  /** Not the path: it may have ids in it, or tokens; which pattern it matches is not known yet. */
  private static String name(ServerHttpRequest request) {
    return request.getMethod().name() + " request";
  }

  private static Mono<Void> refuse(ServerWebExchange exchange) {
    exchange.getResponse().getHeaders().set("Retry-After", "1");
    return EndpointsWebFilter.write(
        exchange.getResponse(), Answer.error(503, "this pod is draining"));
  }

  private boolean counts(ServerHttpRequest request) {
    return !upgrades(request)
        && !wantsEvents(request)
        && !exempt.has(request.getPath().pathWithinApplication().value());
  }

  private static boolean upgrades(ServerHttpRequest request) {
    String protocol = request.getHeaders().getFirst("Upgrade");
    return protocol != null && !protocol.equalsIgnoreCase("h2c");
  }

  private static boolean wantsEvents(ServerHttpRequest request) {
    return request.getMethod().equals(HttpMethod.GET)
        && String.valueOf(request.getHeaders().getFirst("Accept"))
            .contains(MediaType.TEXT_EVENT_STREAM_VALUE);
  }
}
