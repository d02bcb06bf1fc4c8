package io.gracefuldrain.spring;

import io.gracefuldrain.http.DrainEndpoints;
import java.util.Set;

/** Which requests are the drain's, on a port that others use, too. Immutable. */
final class EndpointPaths {
  private final Set<String> paths;

  EndpointPaths(DrainEndpoints endpoints) {
    this.paths = Set.copyOf(endpoints.paths());
  }

  /** Whether a path, as it came, is one of ours; with a slash at its end, too, as of a probe. */
  boolean have(String path) {
    return paths.contains(path)
        || (path.endsWith("/") && paths.contains(path.substring(0, path.length() - 1)));
  }
}
