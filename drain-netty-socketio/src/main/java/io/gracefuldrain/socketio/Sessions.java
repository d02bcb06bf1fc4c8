package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The Engine.IO sessions of one server, by their id, until their end is over. Thread-safe. */
final class Sessions {
  private final Map<UUID, Session> living = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Future<?>> sweep = new AtomicReference<>();

  @Nullable Session get(UUID id) {
    return living.get(id);
  }

  /** The session that is netty-socketio's, if it is here. */
  @Nullable Session of(ClientHead head) {
    Session session = get(head.getSessionId());
    return session != null && session.head() == head ? session : null;
  }

  /** The token of a session, or null if it has none. */
  @Nullable String token(UUID id) {
    Session session = get(id);
    Arrival arrival = session == null ? null : session.arrival();
    return arrival == null ? null : arrival.token();
  }

  /** The session that a request names by its id, if it is here. */
  @Nullable Session named(@Nullable String sid) {
    try {
      return sid == null ? null : get(UUID.fromString(sid));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  void add(Session session) {
    living.put(session.head().getSessionId(), session);
  }

  void remove(Session session) {
    living.remove(session.head().getSessionId(), session);
  }

  /**
   * Looks again and again, from the first call on, for sessions that netty-socketio has ended
   * without a word. It does so when a client misses its ping and the store or a listener throws.
   */
  void sweep(EventLoop loop, Duration every) {
    if (sweep.get() == null) {
      long millis = Math.max(1, every.toMillis());
      Future<?> task =
          loop.scheduleWithFixedDelay(
              () -> living.values().forEach(Session::endIfOver),
              millis,
              millis,
              TimeUnit.MILLISECONDS);
      if (!sweep.compareAndSet(null, task)) {
        task.cancel(false);
      }
    }
  }

  /** Whether none is left that has not ended. */
  boolean ended() {
    return living.values().stream().allMatch(Session::ended);
  }

  /** Ends all of them: their server has stopped, or is detached. */
  void end() {
    Future<?> task = sweep.get();
    if (task != null) {
      task.cancel(false);
    }
    living.values().forEach(Session::untracked);
  }
}
