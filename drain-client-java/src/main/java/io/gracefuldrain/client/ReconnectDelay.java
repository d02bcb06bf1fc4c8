package io.gracefuldrain.client;

import io.socket.client.Manager;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.json.JSONObject;

/**
 * How long a connection waits before its first reconnect. After a cut without a hint, the time is
 * drawn from the window of the server's {@code drain:plan}. Otherwise the stock back-off decides.
 * On the event thread.
 */
final class ReconnectDelay {
  /** What a plan is expected to be. */
  static final String FORM = "{windowMs: number}";

  private static final List<String> CUTS =
      Arrays.asList("transport close", "transport error", "ping timeout");

  private final Manager manager;
  private final long delay;
  private final long delayMax;
  private final double jitter;
  private long windowMillis;
  private boolean hinted;

  ReconnectDelay(Manager manager) {
    this.manager = manager;
    delay = manager.reconnectionDelay();
    delayMax = manager.reconnectionDelayMax();
    jitter = manager.randomizationFactor();
    manager.on(
        Manager.EVENT_OPEN,
        args -> {
          windowMillis = 0;
          hinted = false;
          backOff(delay, delayMax, jitter);
        });
    manager.on(Manager.EVENT_RECONNECT_ATTEMPT, args -> backOff(delay, delayMax, jitter));
    // The manager fires this event before it asks its back-off how long to wait.
    manager.on(Manager.EVENT_CLOSE, args -> closed(args.length > 0 ? args[0] : ""));
  }

  private void closed(Object reason) {
    if (windowMillis > 0 && !hinted && CUTS.contains(reason)) {
      long drawn = ThreadLocalRandom.current().nextLong(windowMillis);
      backOff(drawn, Math.max(drawn, delayMax), 0);
    }
  }

  private void backOff(long least, long most, double factor) {
    manager.reconnectionDelay(least).reconnectionDelayMax(most).randomizationFactor(factor);
  }

  /** The server has told its plan; false if it is malformed. */
  boolean planned(Object[] plan) {
    Object window =
        plan.length > 0 && plan[0] instanceof JSONObject
            ? ((JSONObject) plan[0]).opt("windowMs")
            : null;
    if (!(window instanceof Number) || ((Number) window).longValue() < 0) {
      return false;
    }
    windowMillis = Bounds.told(((Number) window).longValue());
    return true;
  }

  /** How long the stock client would wait before its first reconnect, in milliseconds. */
  long first() {
    double spread = 1 + jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Math.min(delayMax, Math.round(delay * spread));
  }

  /** The server has hinted, so the end of the connection will be no surprise. */
  void hinted() {
    hinted = true;
  }
}
