package io.gracefuldrain.spring;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.WorkGate;
import io.gracefuldrain.socketio.SocketIoDrain;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;

/**
 * The Socket.IO servers of an application, each attached to its one coordinator. Inject it where
 * work outlives the handler that began it:
 *
 * <pre>{@code
 * server.addEventListener("order", Order.class, (client, order, ack) ->
 *     drains.work(client).wrap("order", executor).execute(() -> ack.sendAckData(cook(order))));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class SocketIoDrains {
  private record Attached(SocketIoDrain drain, Object owner) {}

  private final Supplier<DrainCoordinator> coordinator;

  // Guarded by this. Servers do not compare by value.
  private final IdentityHashMap<SocketIOServer, Attached> attached = new IdentityHashMap<>();

  SocketIoDrains(Supplier<DrainCoordinator> coordinator) {
    this.coordinator = coordinator;
  }

  /**
   * A server's drain.
   *
   * @throws IllegalStateException if the server is no bean of this application
   */
  public SocketIoDrain of(SocketIOServer server) {
    SocketIoDrain drain = find(server);
    if (drain == null) {
      throw new IllegalStateException(
          "the server is not attached (expected: a bean of type SocketIOServer)");
    }
    return drain;
  }

  /** The drains of all servers, in no order. */
  public synchronized List<SocketIoDrain> all() {
    return attached.values().stream().map(Attached::drain).toList();
  }

  /**
   * A client's work, whichever server it is connected to, as {@link SocketIoDrain#work}.
   *
   * @throws IllegalStateException if no server tracks the client
   */
  public WorkGate work(SocketIOClient client) {
    List<IllegalStateException> untracked = new ArrayList<>();
    for (SocketIoDrain drain : all()) {
      try {
        return drain.work(client);
      } catch (IllegalStateException e) {
        untracked.add(e);
      }
    }
    IllegalStateException none =
        new IllegalStateException(
            "client "
                + client.getSessionId()
                + " is not tracked (expected: a bean of type"
                + " SocketIOServer that it is connected to)");
    untracked.forEach(none::addSuppressed);
    throw none;
  }

  /**
   * Attaches a server, once.
   *
   * @param owner the bean factory that has it
   * @throws io.gracefuldrain.socketio.AttachException if it cannot be attached
   */
  void attach(SocketIOServer server, Object owner) {
    DrainCoordinator ours = coordinator.get(); // it may be made now: without the lock
    synchronized (this) {
      if (!attached.containsKey(server)) {
        attached.put(server, new Attached(SocketIoDrain.attach(server, ours), owner));
      }
    }
  }

  synchronized @Nullable SocketIoDrain find(SocketIOServer server) {
    // The application may have put aspects around its bean.
    Object target = AopProxyUtils.getSingletonTarget(server);
    Attached found = attached.get(target instanceof SocketIOServer behind ? behind : server);
    return found == null ? null : found.drain();
  }

  /** Stops a server that nobody else has stopped, and forgets it. */
  void end(SocketIOServer server) {
    Attached ended;
    synchronized (this) {
      ended = attached.remove(server);
    }
    if (ended != null) {
      stop(ended.drain());
    }
  }

  /** A server that is stopped on one of its own event loops waits for ever for that. */
  private static void stop(SocketIoDrain drain) {
    if (CurrentWork.gate() == null) {
      drain.stop();
    } else {
      SocketIoServerLifecycle.apart(drain::stop);
    }
  }

  /**
   * Stops the servers of a bean factory, if all is drained and no work is left. A handler that
   * still runs, as one that ends the application, would be waited for.
   */
  void stopDrained(Object owner) {
    List<Attached> all;
    synchronized (this) {
      all = attached.values().stream().filter(each -> each.owner() == owner).toList();
    }
    if (!all.isEmpty() && drained(coordinator.get().report())) {
      all.forEach(each -> each.drain().stop());
    }
  }

  private static boolean drained(DrainReport report) {
    return report.phase() == DrainPhase.DRAINED
        && report.connections() == 0
        && report.workInFlight() == 0;
  }

  /** Stops those that Spring does not end: prototypes, and what a FactoryBean has made. */
  void endAll() {
    List<SocketIOServer> left;
    synchronized (this) {
      left = new ArrayList<>(attached.keySet());
    }
    left.forEach(this::end);
  }

  /** Whether a server of a bean factory runs. */
  boolean runsIn(Object owner) {
    List<Attached> all;
    synchronized (this) {
      all = new ArrayList<>(attached.values());
    }
    return all.stream().anyMatch(each -> each.owner() == owner && each.drain().running());
  }
}
