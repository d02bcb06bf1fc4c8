package io.gracefuldrain.client;

import io.socket.client.Manager;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.json.JSONObject;

/**
 * How long a connection waits before its first reconnect. After a cut without a hint, the time is
 * drawn from the window of the server's {@code drain:plan}. Otherwise the stock back-off decides.
 * On the event thread.
 */
final class ReconnectDelay {
  private static final Set<String> CUTS =
      Set.of("transport close", "transport error", "ping timeout");

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

  /** The server has told its plan; a malformed one is ignored. */
  void planned(Object[] plan) {
    if (plan.length > 0
        && plan[0] instanceof JSONObject fields
        && fields.opt("windowMs") instanceof Number window
        && window.longValue() >= 0) {
      windowMillis = window.longValue();
    }
  }

  /** The server has hinted, so the end of the connection will be no surprise. */
  void hinted() {
    hinted = true;
  }
}
