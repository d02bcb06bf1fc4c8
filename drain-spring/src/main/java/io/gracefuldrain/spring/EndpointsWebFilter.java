package io.gracefuldrain.spring;

import io.gracefuldrain.http.Answer;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * The drain's hooks and probes on a reactive server's port that has other things, too: as {@link
 * EndpointsFilter}. Thread-safe.
 */
final class EndpointsWebFilter implements WebFilter {
  private final EndpointPaths paths;
  private final DrainEndpoints endpoints;

  EndpointsWebFilter(DrainEndpoints endpoints) {
    this.paths = new EndpointPaths(endpoints);
    this.endpoints = endpoints;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    String path = exchange.getRequest().getPath().pathWithinApplication().value();
    return paths.have(path) ? answer(exchange, path) : chain.filter(exchange);
  }

  private Mono<Void> answer(ServerWebExchange exchange, String path) {
    ServerHttpRequest request = exchange.getRequest();
    // The server cancels what answers a client that has gone.
    AtomicBoolean gone = new AtomicBoolean();
    Request asked =
        new Request(
            request.getMethod().name(),
            path,
            request.getURI().getRawQuery(),
            request.getHeaders()::getFirst,
            () -> !gone.get());
    CompletableFuture<Answer> answer = endpoints.handle(asked).toCompletableFuture();
    return Mono.fromFuture(answer)
        .flatMap(given -> write(exchange.getResponse(), given))
        .doOnCancel(
            () -> {
              gone.set(true);
              answer.cancel(false);
            });
  }

  static Mono<Void> write(ServerHttpResponse response, Answer answer) {
    byte[] body = answer.bytes();
    response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
    answer.headers().forEach(response.getHeaders()::set);
    response.getHeaders().set("Content-Type", answer.contentType());
    response.getHeaders().setContentLength(body.length);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }
}
