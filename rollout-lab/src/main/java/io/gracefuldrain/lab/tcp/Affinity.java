package io.gracefuldrain.lab.tcp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the server that each source address went to last, like {@code sessionAffinity:
 * ClientIP}. Each new connection renews the time for which it is remembered. The number of
 * addresses is bounded: the one without a new connection for the longest time is forgotten first.
 * Thread-safe.
 *
 * @param <T> the type that names a server
 */
public final class Affinity<T> {
  static final int LIMIT = 10_000;

  private record Visit<T>(T target, long at) {}

  private final long limitNanos;
  private final Map<InetAddress, Visit<T>> visits =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Visit<T>> eldest) {
          return size() > LIMIT;
        }
      };

  /**
   * @param limit how long an address is remembered after its last connection; zero for not at all
   */
  public Affinity(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /** A new connection from this source went to this server. */
  public synchronized void remember(InetAddress source, T target, long now) {
    if (limitNanos > 0) {
      visits.put(source, new Visit<>(target, now));
    }
  }

  /** Returns the server that this source went to last, or null if that is not remembered. */
  public synchronized @Nullable T of(InetAddress source, long now) {
    Visit<T> visit = visits.get(source);
    if (visit == null) {
      return null;
    }
    if (now - visit.at() >= limitNanos) {
      visits.remove(source);
      return null;
    }
    return visit.target();
  }
}
