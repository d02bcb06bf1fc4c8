package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The way to the next connection: up to three attempts, until one leads to another pod, has joined
 * every namespace, and the application is ready on it. On the event thread.
 */
final class Approach {
  private static final long HELLO_MILLIS = 1_000;

  private enum Phase {
    PAUSING,
    CONNECTING,
    READYING,
    THERE,
    OVER
  }

  private final Client client;
  private final Timers timers;
  private final Move move;
  private final Hint hint;
  private final Pod from;
  private Phase phase = Phase.PAUSING;
  private @Nullable Connection next;
  private int attempts;
  // What the application is doing for each channel of next; null: it is done.
  private final Map<Channel, @Nullable Object> preparing = new HashMap<>();
  private long connectedAt;
  private boolean connected;
  private Timers.@Nullable Cancellable step;

  Approach(Client client, Timers timers, Move move, Hint hint, Pod from) {
    this.client = client;
    this.timers = timers;
    this.move = move;
    this.hint = hint;
    this.from = from;
  }

  void attempt() {
    if (phase != Phase.PAUSING) {
      return;
    }
    if (move.millisLeft() <= 0) {
      move.fail("not within graceMs: " + hint.graceMs());
      return;
    }
    phase = Phase.CONNECTING;
    attempts++;
    connected = false;
    next = client.next(hint);
    next.channels().forEach(Channel::open);
  }

  /** The next connection has joined a namespace. */
  void joined(Channel channel) {
    if (phase == Phase.READYING) {
      prepare(channel);
    } else {
      whole();
    }
  }

  private void whole() {
    if (phase != Phase.CONNECTING || next == null || connected || !next.whole()) {
      return;
    }
    connected = true;
    connectedAt = timers.nanoTime();
    if (next.pod().known()) {
      settled();
    } else {
      step = timers.after(HELLO_MILLIS, this::settled);
    }
  }

  void greeted() {
    if (phase == Phase.CONNECTING && connected) {
      settled();
    }
  }

  /** It is known who the next connection leads to, as far as it can be. */
  private void settled() {
    Connection candidate = next;
    if (phase != Phase.CONNECTING || candidate == null) {
      return;
    }
    cancelStep();
    if (candidate.pod().known() && candidate.pod().equals(from)) {
      attemptFailed("led back to " + from.pod());
      return;
    }
    phase = Phase.READYING;
    candidate.channels().stream().filter(Channel::joined).toList().forEach(this::prepare);
  }

  private void prepare(Channel channel) {
    Object task = new Object();
    preparing.put(channel, task);
    Readying.begin(channel, true)
        .whenComplete((done, failure) -> EventThread.exec(() -> prepared(channel, task, failure)));
  }

  private void prepared(Channel channel, Object task, @Nullable Throwable failure) {
    if (phase != Phase.READYING || preparing.get(channel) != task) {
      return; // of an attempt that has failed, or of a namespace that was left
    }
    if (failure != null) {
      move.fail(Readying.message(failure));
      return;
    }
    preparing.put(channel, null);
    landIfReady();
  }

  private void landIfReady() {
    Connection candidate = next;
    if (phase == Phase.READYING
        && candidate != null
        && candidate.channels().stream()
            .filter(channel -> channel.joined() && channel.socket().isActive())
            .allMatch(this::isPrepared)) {
      phase = Phase.THERE;
      move.land(candidate);
    }
  }

  /** Whether the application is ready on a channel of the next connection. */
  boolean isPrepared(Channel channel) {
    return preparing.containsKey(channel) && preparing.get(channel) == null;
  }

  /** The next connection, or a namespace on it, is refused. */
  void refused(Channel channel, String why) {
    if (phase == Phase.READYING || phase == Phase.THERE) {
      leave(channel.socket()); // one that came late: the old pod may let it in
    } else {
      lost(why);
    }
  }

  /** The next connection is lost, refused, or was never there. */
  void lost(String why) {
    if (phase == Phase.CONNECTING || phase == Phase.READYING) {
      attemptFailed(why);
    } else if (phase == Phase.THERE) {
      move.nextLost(why);
    }
  }

  private void attemptFailed(String why) {
    dropNext();
    OptionalLong pause =
        Attempts.pause(attempts, move.millisLeft(), ThreadLocalRandom.current().nextDouble());
    if (pause.isEmpty()) {
      move.fail("attempt " + attempts + " of " + Attempts.MOST + ": " + why);
      return;
    }
    phase = Phase.PAUSING;
    step = timers.after(pause.getAsLong(), this::attempt);
  }

  /** Gives up. */
  void abandon() {
    phase = Phase.OVER;
    dropNext();
  }

  private void dropNext() {
    cancelStep();
    if (next != null) {
      next.drop();
      next = null;
    }
    preparing.clear();
    move.forgetHeldBack();
  }

  private void cancelStep() {
    if (step != null) {
      step.cancel();
    }
  }

  /** Another namespace is to come along. */
  void join(AwareSocket socket) {
    if (next != null) {
      next.channel(socket).open();
    }
  }

  void leave(AwareSocket socket) {
    if (next == null) {
      return;
    }
    next.leave(socket);
    preparing.remove(next.known(socket));
    whole();
    landIfReady();
  }

  @Nullable Connection next() {
    return next;
  }

  /** Whether the next connection stands in all its namespaces. */
  boolean stands() {
    return next != null && connected && next.whole();
  }

  /** When it first stood. */
  long connectedAt() {
    return connectedAt;
  }
}
