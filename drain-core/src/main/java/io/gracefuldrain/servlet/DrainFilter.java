package io.gracefuldrain.servlet;

import io.gracefuldrain.CurrentWork;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts HTTP requests in flight as work of the pod, so that a drain waits for them within its
 * budget. An asynchronous request counts until it completes, fails or meets its timeout.
 *
 * <p>From the beginning of a drain, answers close their connection, so that the next request finds
 * another pod. HTTP/2 has no such header: see {@link #telling}. Once the pod's work gate is sealed,
 * a new request gets 503 with {@code Retry-After}.
 *
 * <pre>{@code
 * new DrainFilter(coordinator)
 *     .exempting(request -> request.getRequestURI().startsWith("/actuator/health"));
 * }</pre>
 *
 * <p>Event streams and upgrades are not counted and never refused: they have no end of their own,
 * and their clients would take a refusal as final. An event stream is a GET that accepts {@code
 * text/event-stream}. The same holds for requests that are exempt, and for those to a {@link
 * DrainServlet}. Register the filter with async support where requests are asynchronous. Immutable
 * and thread-safe.
 */
public final class DrainFilter implements Filter {
  private static final String COUNTED = DrainFilter.class.getName() + ".counted";
  private static final int SHOWN = 80;
  private static final Logger LOG = LoggerFactory.getLogger(DrainFilter.class);

  private final DrainCoordinator coordinator;
  private final Predicate<HttpServletRequest> exempt;
  private final Function<HttpServletRequest, @Nullable String> naming;
  private final Consumer<HttpServletRequest> goodbye;
  private final AtomicBoolean goodbyeFailed = new AtomicBoolean();

  /** A filter that counts the requests of a coordinator's pod. */
  public DrainFilter(DrainCoordinator coordinator) {
    this(
        Objects.requireNonNull(coordinator, "coordinator"),
        request -> false,
        DrainFilter::mapping,
        request -> {});
  }

  private DrainFilter(
      DrainCoordinator coordinator,
      Predicate<HttpServletRequest> exempt,
      Function<HttpServletRequest, @Nullable String> naming,
      Consumer<HttpServletRequest> goodbye) {
    this.coordinator = coordinator;
    this.exempt = exempt;
    this.naming = naming;
    this.goodbye = goodbye;
  }

  /**
   * This filter, which also leaves some requests alone: they are neither counted nor refused, and
   * their connections stay. Probes that this container answers must be exempt: a liveness probe
   * that is refused restarts the container.
   *
   * @param requests says which; called for each request, on its thread
   */
  public DrainFilter exempting(Predicate<HttpServletRequest> requests) {
    Objects.requireNonNull(requests, "requests");
    return new DrainFilter(coordinator, exempt.or(requests), naming, goodbye);
  }

  /**
   * This filter with another name for requests, which the status and the receipt show to everybody
   * who may see them. The name must have no secret in it. By default it is the method and the
   * pattern of the servlet's mapping.
   *
   * @param name gives the name, or null for the default; called for each request, on its thread;
   *     cut after 80 characters
   */
  public DrainFilter naming(Function<HttpServletRequest, @Nullable String> name) {
    return new DrainFilter(coordinator, exempt, Objects.requireNonNull(name, "name"), goodbye);
  }

  /**
   * This filter with a way to tell an HTTP/2 client that it is to go: GOAWAY, which only the
   * container can send. {@code docs/hooks.md} has the code for Jetty and Tomcat.
   *
   * @param goodbye tells the client of a request; called for each request over HTTP/2 while the pod
   *     drains, on the request's thread, before the request is handled
   */
  public DrainFilter telling(Consumer<HttpServletRequest> goodbye) {
    return new DrainFilter(coordinator, exempt, naming, Objects.requireNonNull(goodbye, "goodbye"));
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
    CurrentWork.Scope scope = CurrentWork.holding(lease);
    try (scope) {
      if (coordinator.phase().draining()) {
        sendElsewhere(request, response);
      }
      chain.doFilter(request, response);
    } finally {
      endWith(request, lease);
    }
  }

  private String name(HttpServletRequest request) {
    String given = naming.apply(request);
    String name = given == null ? mapping(request) : given;
    return name.length() > SHOWN ? name.substring(0, SHOWN) : name;
  }

  /** Not the path: it may have ids of sessions in it, or tokens. */
  private static String mapping(HttpServletRequest request) {
    return request.getMethod() + " " + request.getHttpServletMapping().getPattern();
  }

  private void sendElsewhere(HttpServletRequest request, HttpServletResponse response) {
    if (request.getProtocol().startsWith("HTTP/1")) {
      response.setHeader("Connection", "close");
    } else {
      sayGoodbye(request);
    }
  }

  /** A request is not to fail because its client was not told. */
  private void sayGoodbye(HttpServletRequest request) {
    try {
      goodbye.accept(request);
    } catch (RuntimeException | LinkageError e) {
      if (goodbyeFailed.compareAndSet(false, true)) {
        LOG.warn("DRAIN-046 an HTTP/2 client was not told to go; further ones are not logged", e);
      }
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Answer answer = Answer.error(503, "this pod is draining");
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setHeader("Retry-After", "1");
    sendElsewhere(request, response);
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

  private boolean counts(HttpServletRequest request) {
    return request.getDispatcherType()
            == DispatcherType.REQUEST // others belong to a request that counts
        && request.getAttribute(COUNTED) == null // mapped twice
        && !upgrades(request)
        && !wantsEvents(request)
        && !forDrainServlet(request)
        && !exempt.test(request);
  }

  private static boolean upgrades(HttpServletRequest request) {
    String protocol = request.getHeader("Upgrade");
    // Clients that can speak HTTP/2 say so with ordinary requests.
    return protocol != null && !protocol.equalsIgnoreCase("h2c");
  }

  /** A POST that accepts events asks for work, whose answer may come as events. */
  private static boolean wantsEvents(HttpServletRequest request) {
    if (!request.getMethod().equals("GET")) {
      return false;
    }
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
