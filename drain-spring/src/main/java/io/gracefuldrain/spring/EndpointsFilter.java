package io.gracefuldrain.spring;

import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.servlet.DrainServlet;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * The drain's hooks and probes on a servlet container's port that has other things, too. It comes
 * before all other filters, those of Spring Security among them: the kubelet cannot log in. Other
 * requests pass. Thread-safe.
 */
final class EndpointsFilter implements Filter {
  private final EndpointPaths paths;
  private final DrainServlet servlet;

  EndpointsFilter(DrainEndpoints endpoints) {
    this.paths = new EndpointPaths(endpoints);
    this.servlet = new DrainServlet(endpoints);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http && paths.have(path(http))) {
      servlet.service(request, response);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** As it came, below the context's path. */
  private static String path(HttpServletRequest request) {
    String uri = request.getRequestURI();
    String context = request.getContextPath();
    return uri.startsWith(context) ? uri.substring(context.length()) : uri;
  }
}
