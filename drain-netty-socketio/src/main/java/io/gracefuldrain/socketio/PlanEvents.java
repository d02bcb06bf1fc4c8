package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import java.time.Duration;
import java.util.Map;

/**
 * {@code drain:plan}: over which window an aware client is to come back, should its pod be gone
 * without a word. Said with each hello, and to who was greeted when the window has changed much; on
 * the session's event loop.
 */
final class PlanEvents {
  static final String PLAN = "drain:plan";

  private PlanEvents() {}

  /** Says what holds now; nothing if the policy has no window. */
  static void say(SocketIOClient client, Duration window) {
    if (!window.isZero()) {
      client.sendEvent(PLAN, Map.of("windowMs", window.toMillis()));
    }
  }

  /** Says it anew in each namespace that the client was greeted in; the others hear it later. */
  static void say(Session session, Duration window) {
    if (session.ended() || session.handle().sealed()) {
      return;
    }
    for (SocketIOClient client : session.greetings().all()) {
      say(client, window);
    }
  }
}
