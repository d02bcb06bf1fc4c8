package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells an aware client in its slot to connect elsewhere now, and then to close this connection.
 *
 * @param reason why it is asked to move, {@code drain} or {@code shed}
 * @param grace how long this connection stays usable; after that it is closed like a stock client's
 * @param ticket opaque to the client, which presents it when it connects; not signed
 * @param url where to connect, or null for the address the client already has
 */
public record ReconnectHint(String reason, Duration grace, String ticket, @Nullable String url) {
  /** Checks that the required parts are there. */
  public ReconnectHint {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(grace, "grace");
    Objects.requireNonNull(ticket, "ticket");
  }
}
