package io.gracefuldrain.http;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param method its method, in capitals
 * @param path its path, percent-encoded as it came, beginning with a slash: whoever filters raw
 *     paths must be able to rely on it
 * @param query its query, percent-encoded as it came, or null
 * @param header gives the first value of a header, or null; asked before {@link
 *     DrainEndpoints#handle} returns
 * @param stillThere whether the client can still be reached. Asked only for a preStop hook that
 *     waits when SIGTERM comes, by any thread. It may write white space to the client to find out,
 *     and take some milliseconds
 */
public record Request(
    String method,
    String path,
    @Nullable String query,
    Function<String, @Nullable String> header,
    BooleanSupplier stillThere) {
  /** Refuses one that a server could not have read. */
  public Request {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(header, "header");
    Objects.requireNonNull(stillThere, "stillThere");
  }
}
