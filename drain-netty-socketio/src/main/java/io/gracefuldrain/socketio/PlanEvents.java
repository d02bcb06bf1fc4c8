package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import java.time.Duration;

/**
 * {@code drain:plan}: the window over which an aware client is to come back if its pod is gone
 * without a word. It is said with each hello, and again to greeted clients when the window has
 * changed much. It is said on the session's event loop.
 */
final class PlanEvents {
  static final String PLAN = "drain:plan";

  private PlanEvents() {}

  /** Says which window holds now. Says nothing if the policy has no window. */
  static void say(SocketIOClient client, Duration window) {
    if (!window.isZero()) {
      client.sendEvent(PLAN, new Message().with("windowMs", window.toMillis()));
    }
  }
}
