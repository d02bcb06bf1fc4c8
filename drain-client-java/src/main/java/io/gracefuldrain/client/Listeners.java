package io.gracefuldrain.client;

import io.socket.emitter.Emitter;
import java.util.Queue;
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
  private final SeenKeys seen = new SeenKeys();

  Listeners(@Nullable Dedupe dedupe) {
    this.dedupe = dedupe;
  }

  SeenKeys seen() {
    return seen;
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

  /**
   * Gives the application an event of the server's; false if another connection has brought it.
   *
   * @param connection which connection has brought it
   * @param now as {@link Timers#nanoTime()}
   * @param moving whether a move is under way
   */
  boolean deliver(Object connection, String event, Object[] args, long now, boolean moving) {
    String id = messageId(event, args);
    if (id != null && !seen.add(connection, event, id, now, moving)) {
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
