package io.gracefuldrain.servlet;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.http.Answer;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.Request;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/**
 * The {@link DrainEndpoints} in a servlet container, best on a management port that no Service
 * exposes: everybody who reaches it can drain the pod through its hooks.
 *
 * <p>Map it to {@code /*}, or to a prefix such as {@code /manage/*}: {@code /manage/livez} then is
 * {@code /livez}. Register it, and every filter before it, with async support; without it, every
 * answer is 500 and says so. A hook that waits holds no thread. Thread-safe.
 */
public final class DrainServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient DrainEndpoints endpoints;

  /** A servlet of a coordinator's endpoints, without {@code /metrics}. */
  public DrainServlet(DrainCoordinator coordinator) {
    this(DrainEndpoints.of(coordinator));
  }

  /** A servlet of endpoints that were made with metrics. */
  public DrainServlet(DrainEndpoints endpoints) {
    this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
  }

  /** Answers a request of any method, now or later. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ServletCall call = new ServletCall(response);
    if (!request.isAsyncSupported()) {
      // For every path, so that the first probe shows it and not the first drain.
      call.answer(
          Answer.error(
              500,
              "async: not supported (expected: asyncSupported for the servlet and its filters)"));
      return;
    }
    Request asked =
        new Request(
            request.getMethod(),
            path(request),
            request.getQueryString(),
            request::getHeader,
            call::stillThere);
    call.serve(request, () -> endpoints.handle(asked).toCompletableFuture());
  }

  /**
   * The part that the mapping's wildcard matches, the whole path where it has none. A path that the
   * container had to decode or to normalize is given raw, and so has no route.
   */
  private static String path(HttpServletRequest request) {
    String info = request.getPathInfo();
    String servlet = request.getServletPath();
    String mapped = servlet + (info == null ? "" : info);
    String uri = request.getRequestURI();
    if (!uri.endsWith(mapped)
        || !isContext(
            uri.substring(0, uri.length() - mapped.length()),
            request.getServletContext().getContextPath())) {
      return uri;
    }
    return info == null ? servlet : info;
  }

  /** Whether this is the context's path as it is, or as a URL has it ({@code /my%20app}). */
  private static boolean isContext(String raw, String context) {
    return raw.equals(context) || raw.equalsIgnoreCase(encoded(context));
  }

  private static String encoded(String path) {
    try {
      return new URI(null, null, path, null).toASCIIString();
    } catch (URISyntaxException e) { // no path of a URL
      return path;
    }
  }
}
