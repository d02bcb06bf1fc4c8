package io.gracefuldrain.client;

import io.socket.client.Manager;
import io.socket.client.Socket;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** One connection with all its namespaces: a manager of the stock client. On the event thread. */
final class Connection {
  private static final Set<String> CUTS =
      Set.of("transport close", "transport error", "ping timeout");

  private final Client client;
  private final Target target;
  private final Manager manager;
  private final boolean reconnection;
  private final Map<String, Channel> channels = new LinkedHashMap<>();
  private Pod pod = Pod.UNKNOWN;
  private long planMillis;
  private boolean hinted;
  private boolean dropped;

  Connection(Client client, Target target, AwareSocket first) {
    this.client = client;
    this.target = target;
    this.reconnection = target.options().reconnection;
    Socket inner = target.socket(first.namespace());
    manager = inner.io();
    long delay = manager.reconnectionDelay();
    long delayMax = manager.reconnectionDelayMax();
    double jitter = manager.randomizationFactor();
    manager.on(
        Manager.EVENT_OPEN,
        args -> {
          pod = Pod.UNKNOWN;
          planMillis = 0;
          hinted = false;
          backOff(delay, delayMax, jitter);
        });
    manager.on(Manager.EVENT_RECONNECT_ATTEMPT, args -> backOff(delay, delayMax, jitter));
    // Before the manager asks its back-off how long to wait.
    manager.on(
        Manager.EVENT_CLOSE,
        args -> {
          if (planMillis > 0 && !hinted && args.length > 0 && CUTS.contains(args[0])) {
            long drawn = ThreadLocalRandom.current().nextLong(planMillis);
            backOff(drawn, Math.max(drawn, delayMax), 0);
          }
        });
    channels.put(first.namespace(), new Channel(this, first, inner));
  }

  private void backOff(long delay, long delayMax, double jitter) {
    manager.reconnectionDelay(delay).reconnectionDelayMax(delayMax).randomizationFactor(jitter);
  }

  /** A connection of a move: it does not come back by itself before it is adopted. */
  void probe() {
    manager.reconnection(false);
  }

  /** From now on it is as the application wants its connection to be. */
  void adopt(Target plain) {
    manager.reconnection(reconnection);
    target.forgetTicket(plain);
  }

  /** It is on its way out, and stays away when the server ends it. */
  void retire() {
    manager.reconnection(false);
  }

  /** The namespace's channel, made if it has none. */
  Channel channel(AwareSocket socket) {
    return channels.computeIfAbsent(
        socket.namespace(),
        namespace -> new Channel(this, socket, manager.socket(namespace, target.options())));
  }

  @Nullable Channel known(AwareSocket socket) {
    return channels.get(socket.namespace());
  }

  Collection<Channel> channels() {
    return channels.values();
  }

  void leave(AwareSocket socket) {
    Channel channel = channels.get(socket.namespace());
    if (channel != null) {
      channel.close();
    }
  }

  /** Nothing of it reaches anybody any more. */
  void drop() {
    dropped = true;
    manager.reconnection(false);
    channels.values().forEach(Channel::close);
  }

  boolean dropped() {
    return dropped;
  }

  /** A channel that stands; null: it is cut. */
  @Nullable Channel standing() {
    for (Channel channel : channels.values()) {
      if (channel.joined()) {
        return channel;
      }
    }
    return null;
  }

  /** Whether it has joined every namespace that is in use. */
  boolean whole() {
    return channels.values().stream()
        .allMatch(channel -> channel.joined() || !channel.socket().isActive());
  }

  boolean owed() {
    return channels.values().stream().anyMatch(Channel::owed);
  }

  void greeted(Pod by) {
    pod = by;
  }

  /** How soon to come back when nobody asks for it: the window to draw a moment from. */
  void planned(Object[] plan) {
    if (plan.length > 0
        && plan[0] instanceof JSONObject fields
        && fields.opt("windowMs") instanceof Number window
        && window.longValue() >= 0) {
      planMillis = window.longValue();
    }
  }

  void hinted() {
    hinted = true;
  }

  Pod pod() {
    return pod;
  }

  Client client() {
    return client;
  }
}
