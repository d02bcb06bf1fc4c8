package io.gracefuldrain.spring;

import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.Environment;

/**
 * The requests that a drain neither counts nor refuses: Actuator's, the health probes, and those
 * that the user names. A liveness probe that is refused restarts the container. Immutable.
 */
final class ExemptPaths {
  private static final List<String> PROBES = List.of("/livez", "/readyz", "/startupz");

  private final List<String> beginnings;

  private ExemptPaths(List<String> beginnings) {
    this.beginnings = List.copyOf(beginnings);
  }

  /** Those of an application. */
  static ExemptPaths of(Environment environment, List<String> users) {
    List<String> beginnings = new ArrayList<>(PROBES);
    String actuator = environment.getProperty("management.endpoints.web.base-path", "/actuator");
    String servlet =
        environment.getProperty(
            "spring.mvc.servlet.path", environment.getProperty("spring.webflux.base-path", ""));
    // At the root, Actuator's paths are not to be told from the application's: health is.
    beginnings.add(clean(actuator).isEmpty() ? "/health" : clean(actuator));
    if (!clean(servlet).isEmpty()) {
      List.copyOf(beginnings).forEach(path -> beginnings.add(clean(servlet) + path));
    }
    users.forEach(path -> beginnings.add(clean(path)));
    return new ExemptPaths(beginnings);
  }

  private static String clean(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Whether a path below the context's path is exempt: it is one of them, or below it. */
  boolean has(String path) {
    return beginnings.stream()
        .anyMatch(
            beginning ->
                path.startsWith(beginning)
                    && (path.length() == beginning.length()
                        || path.charAt(beginning.length()) == '/'));
  }
}
