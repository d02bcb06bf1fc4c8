package io.gracefuldrain.servlet;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.http.Answer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Objects;

/**
 * Counts HTTP requests in flight as work of the pod, so that a drain waits for them within its
 * budget. An asynchronous request counts until it completes, fails or meets its timeout. Once the
 * pod's work gate is sealed, a new request gets 503 with {@code Retry-After}; from {@code MOVING}
 * on, answers close their connection, so that the next request finds another pod.
 *
 * <p>Event streams and upgrades are not counted and never refused: they have no end of their own,
 * and their clients would take a refusal as final. The same holds for requests to a {@link
 * DrainServlet}. Register it with async support where requests are asynchronous. Thread-safe.
 */
public final class DrainFilter implements Filter {
  private static final String COUNTED = DrainFilter.class.getName() + ".counted";
  private static final int SHOWN = 80;

  private final DrainCoordinator coordinator;

  /** A filter that counts the requests of a coordinator's pod. */
  public DrainFilter(DrainCoordinator coordinator) {
    this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse answer
        && counts(http)) {
      count(http, answer, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void count(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    WorkLease lease = coordinator.work().tryBegin(name(request));
    if (lease == null) {
      refuse(request, response);
      return;
    }
    request.setAttribute(COUNTED, true);
    if (coordinator.phase().lettingGo()) {
      closeConnection(request, response);
    }
    try {
      chain.doFilter(request, response);
    } finally {
      endWith(request, lease);
    }
  }

  private static String name(HttpServletRequest request) {
    String uri = request.getRequestURI();
    return request.getMethod() + " " + (uri.length() > SHOWN ? uri.substring(0, SHOWN) : uri);
  }

  private static void closeConnection(HttpServletRequest request, HttpServletResponse response) {
    if (request.getProtocol().startsWith("HTTP/1")) { // HTTP/2 has no such header
      response.setHeader("Connection", "close");
    }
  }

  private static void refuse(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Answer answer = Answer.error(503, "this pod is draining");
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setHeader("Retry-After", "1");
    closeConnection(request, response);
    response.setContentType(answer.contentType());
    response.getOutputStream().write(answer.bytes());
  }

  /** The last one to end closes the lease; it closes once. */
  private static void endWith(HttpServletRequest request, WorkLease lease) {
    if (!request.isAsyncStarted()) {
      lease.close();
      return;
    }
    try {
      request.getAsyncContext().addListener(new Ending(lease));
    } catch (IllegalStateException e) {
      lease.close(); // it was completed meanwhile
    }
  }

  private static boolean counts(HttpServletRequest request) {
    return request.getDispatcherType()
            == DispatcherType.REQUEST // others belong to a request that counts
        && request.getAttribute(COUNTED) == null // mapped twice
        && !upgrades(request)
        && !wantsEvents(request)
        && !forDrainServlet(request);
  }

  private static boolean upgrades(HttpServletRequest request) {
    String protocol = request.getHeader("Upgrade");
    // Clients that can speak HTTP/2 say so with ordinary requests.
    return protocol != null && !protocol.equalsIgnoreCase("h2c");
  }

  private static boolean wantsEvents(HttpServletRequest request) {
    Enumeration<String> accepts = request.getHeaders("Accept");
    while (accepts.hasMoreElements()) {
      if (accepts.nextElement().toLowerCase(Locale.ROOT).contains("text/event-stream")) {
        return true;
      }
    }
    return false;
  }

  /** The drain must not wait for a hook that waits for the drain. */
  private static boolean forDrainServlet(HttpServletRequest request) {
    String servlet = request.getHttpServletMapping().getServletName();
    ServletRegistration registration = request.getServletContext().getServletRegistration(servlet);
    return registration != null && DrainServlet.class.getName().equals(registration.getClassName());
  }

  private record Ending(WorkLease lease) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      lease.close();
    }

    @Override
    public void onError(AsyncEvent event) {
      lease.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      lease.close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this); // started again after a dispatch
    }
  }
}
