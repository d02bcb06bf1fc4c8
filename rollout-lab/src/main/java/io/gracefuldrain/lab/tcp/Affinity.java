package io.gracefuldrain.lab.tcp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which server each source address went to last, as {@code sessionAffinity: ClientIP} remembers it:
 * for a time that each new connection renews. Holds a bounded number of addresses; the one that has
 * been quiet for the longest is forgotten first. Thread-safe.
 *
 * @param <T> what a server is called
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
   * @param limit how long an address is remembered after its last connection; zero: never
   */
  public Affinity(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /** A new connection of that source went there. */
  public synchronized void remember(InetAddress source, T target, long now) {
    if (limitNanos > 0) {
      visits.put(source, new Visit<>(target, now));
    }
  }

  /** Where that source went last, or null if it is not remembered. */
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
