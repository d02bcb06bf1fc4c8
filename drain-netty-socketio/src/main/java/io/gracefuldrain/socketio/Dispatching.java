package io.gracefuldrain.socketio;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What of one session is being dispatched, and by which event loops. Thread-safe. */
final class Dispatching {
  private final AtomicInteger count = new AtomicInteger();
  private final Set<EventExecutor> hearing = ConcurrentHashMap.newKeySet();

  /** Counts one in if the gate lets it in. It is counted first, so that nobody sees a gap. */
  boolean enter(BooleanSupplier gate) {
    count.incrementAndGet();
    if (gate.getAsBoolean()) {
      return true;
    }
    leave();
    return false;
  }

  void leave() {
    count.decrementAndGet();
  }

  boolean none() {
    return count.get() == 0;
  }

  /** Dispatches what has come on a channel. */
  void hear(Channel channel, Runnable dispatch) {
    boolean outermost = hearing.add(channel.eventLoop());
    try {
      dispatch.run();
    } finally {
      if (outermost) {
        hearing.remove(channel.eventLoop());
      }
    }
  }

  /** Whether something that came on a channel is being dispatched by this thread. */
  boolean hears(Channel channel) {
    return hearing.contains(channel.eventLoop());
  }

  /** Whether this thread dispatches something that came on any channel. */
  boolean here() {
    return hearing.stream().anyMatch(EventExecutor::inEventLoop);
  }
}
