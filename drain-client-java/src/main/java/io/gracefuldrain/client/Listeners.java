package io.gracefuldrain.client;

import io.socket.emitter.Emitter;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The application's listeners of a namespace, over all connections. Changed from any thread, called
 * on the event thread.
 */
final class Listeners {
  private final @Nullable Dedupe dedupe;
  private final Emitter named = new Emitter();
  private final Queue<Emitter.Listener> incoming = new ConcurrentLinkedQueue<>();
  private final Queue<Emitter.Listener> outgoing = new ConcurrentLinkedQueue<>();
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final RecentIds recent = new RecentIds();

  Listeners(@Nullable Dedupe dedupe) {
    this.dedupe = dedupe;
  }

  Emitter named() {
    return named;
  }

  Queue<Emitter.Listener> incoming() {
    return incoming;
  }

  Queue<Emitter.Listener> outgoing() {
    return outgoing;
  }

  /** Notes an event's name; false if it is known already. */
  boolean newName(String event) {
    return names.add(event);
  }

  /** Every event that ever had a listener. */
  Collection<String> names() {
    return names;
  }

  /** Gives the application an event of the server's; false if it has had it already. */
  boolean deliver(String event, Object[] args) {
    String id = messageId(event, args);
    if (id != null && !recent.add(id)) {
      return false;
    }
    Callout.run(
        () -> {
          if (!incoming.isEmpty()) {
            Object[] nameAndArgs = new Object[args.length + 1];
            nameAndArgs[0] = event;
            System.arraycopy(args, 0, nameAndArgs, 1, args.length);
            incoming.forEach(listener -> listener.call(nameAndArgs));
          }
          named.emit(event, args);
        });
    return true;
  }

  private @Nullable String messageId(String event, Object[] args) {
    Dedupe asked = dedupe;
    if (asked == null) {
      return null;
    }
    Object[] found = new Object[1];
    Callout.run(() -> found[0] = asked.id(event, args));
    return found[0] == null ? null : found[0].toString();
  }

  /** Gives the application an event of the client's own. */
  void fire(String event, Object... args) {
    Callout.run(() -> named.emit(event, args));
  }

  /** Tells the application of an emit that is sent. */
  void sent(Object... nameAndArgs) {
    if (!String.valueOf(nameAndArgs[0]).startsWith(Wire.PREFIX)) {
      outgoing.forEach(listener -> Callout.run(() -> listener.call(nameAndArgs)));
    }
  }
}
