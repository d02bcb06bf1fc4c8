package io.gracefuldrain.socketio;

import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.WorkGate;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What of one session is being dispatched, and by which event loops. Nearly always that is one
 * loop, so that one is held without a set. Thread-safe.
 */
final class Dispatching {
  // Every session has one of these: so what is atomic are fields and not more objects.
  private static final AtomicIntegerFieldUpdater<Dispatching> COUNT =
      AtomicIntegerFieldUpdater.newUpdater(Dispatching.class, "count");
  private static final AtomicReferenceFieldUpdater<Dispatching, @Nullable EventExecutor> HEARS =
      AtomicReferenceFieldUpdater.newUpdater(Dispatching.class, EventExecutor.class, "hears");

  private volatile int count;
  // Only a loop itself changes whether it is here.
  private volatile @Nullable EventExecutor hears;
  private volatile @Nullable Set<EventExecutor> others;

  /** Counts one in. It is counted before its gate is asked, so that nobody sees a gap. */
  void begin() {
    COUNT.incrementAndGet(this);
  }

  void end() {
    COUNT.decrementAndGet(this);
  }

  boolean none() {
    return count == 0;
  }

  /** Dispatches what has come on a channel, as the work of a connection. */
  void hear(Channel channel, WorkGate gate, Runnable dispatch) {
    EventExecutor loop = channel.eventLoop();
    boolean outermost = !hears(loop);
    if (outermost && !HEARS.compareAndSet(this, null, loop)) {
      others().add(loop);
    }
    try {
      CurrentWork.during(gate, dispatch);
    } finally {
      if (outermost && !HEARS.compareAndSet(this, loop, null)) {
        others().remove(loop);
      }
    }
  }

  private synchronized Set<EventExecutor> others() {
    Set<EventExecutor> known = others;
    if (known == null) {
      known = ConcurrentHashMap.newKeySet();
      others = known;
    }
    return known;
  }

  /** Whether something that came on a channel is being dispatched by this thread. */
  boolean hears(Channel channel) {
    return hears(channel.eventLoop());
  }

  private boolean hears(EventExecutor loop) {
    Set<EventExecutor> more = others;
    return hears == loop || (more != null && more.contains(loop));
  }

  /** Whether this thread dispatches something that came on any channel. */
  boolean here() {
    EventExecutor loop = hears;
    Set<EventExecutor> more = others;
    return (loop != null && loop.inEventLoop())
        || (more != null && more.stream().anyMatch(EventExecutor::inEventLoop));
  }
}
