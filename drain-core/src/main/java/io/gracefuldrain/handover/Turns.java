package io.gracefuldrain.handover;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a few requests go to each pod at once; the others wait for their turn. A management port
 * that many ask at once cuts some of them. Thread-safe.
 */
final class Turns {
  private static final class Line {
    private final ArrayDeque<BooleanSupplier> waiting = new ArrayDeque<>();
    private int open;
  }

  private final int most;

  // Guarded by this; a pod that nobody asks has no line.
  private final Map<InetSocketAddress, Line> lines = new HashMap<>();

  Turns(int most) {
    this.most = most;
  }

  /**
   * Begins a request, now or in its turn. It must be {@linkplain #over over} at some time.
   *
   * @param request begins, and says whether it has: one that is of no use any more need not
   */
  void begin(InetSocketAddress pod, BooleanSupplier request) {
    synchronized (this) {
      Line line = lines.computeIfAbsent(pod, any -> new Line());
      if (line.open >= most) {
        line.waiting.add(request);
        return;
      }
      line.open++;
    }
    if (!request.getAsBoolean()) {
      over(pod);
    }
  }

  /** One that has begun is over. */
  void over(InetSocketAddress pod) {
    BooleanSupplier next = next(pod);
    while (next != null && !next.getAsBoolean()) {
      next = next(pod);
    }
  }

  private synchronized @Nullable BooleanSupplier next(InetSocketAddress pod) {
    Line line = lines.get(pod);
    if (line == null) {
      return null;
    }
    BooleanSupplier next = line.waiting.poll();
    if (next == null && --line.open == 0) {
      lines.remove(pod);
    }
    return next;
  }
}
