package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.ledger.Account;
import io.socket.client.Ack;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * What a Java client's application sends, and what it makes of what comes. On the library's one
 * event thread.
 */
final class JavaStreams {
  /** How the library emits. */
  interface Emitter {
    void emit(String event, Object[] args, Ack ack);
  }

  private final Account account;
  private final LongSupplier clock;
  private final BooleanSupplier connected;
  private final Emitter emitter;

  JavaStreams(Account account, LongSupplier clock, BooleanSupplier connected, Emitter emitter) {
    this.account = account;
    this.clock = clock;
    this.connected = connected;
    this.emitter = emitter;
  }

  /** Who is told which pod answers. */
  interface Named {
    void by(String pod, String generation);
  }

  /** Asks for the pod's name. */
  static void ask(Emitter over, Named named) {
    over.emit(
        FeedEvents.WHO_AM_I,
        new Object[] {new JSONObject()},
        args -> {
          JSONObject pod = last(args);
          if (pod != null) {
            named.by(pod.optString("name"), pod.optString("generation"));
          }
        });
  }

  /** Sends what is due, if there is a connection. */
  void send() {
    if (!connected.getAsBoolean()) {
      return; // it would keep what it is given and send it once more later
    }
    for (long n : account.due(clock.getAsLong())) {
      emitter.emit(
          FeedEvents.UP, new Object[] {new JSONObject(Map.of("n", n))}, args -> answered(n, args));
    }
    String order = account.dueOrder(clock.getAsLong());
    if (order != null) {
      emitter.emit(
          FeedEvents.ORDER,
          new Object[] {new JSONObject(Map.of("id", order))},
          args -> {
            JSONObject answer = last(args);
            account.orderAnswered(order, answer == null ? null : answer.optString("id", null));
          });
    }
  }

  private void answered(long n, Object... args) {
    JSONObject answer = last(args);
    account.acknowledged(n, number(answer), pod(answer), clock.getAsLong());
    send();
  }

  /** The pod that a message says it is from, or null. */
  static @Nullable String pod(@Nullable JSONObject message) {
    return message == null ? null : message.optString("pod", null);
  }

  /** A message's number, or null if it has none. */
  static @Nullable Long number(@Nullable JSONObject message) {
    return message == null || !message.has("n") ? null : message.optLong("n");
  }

  /** An event that comes before the connect's own reply has its name in front of its payload. */
  static @Nullable JSONObject last(Object... args) {
    return args.length > 0 && args[args.length - 1] instanceof JSONObject json ? json : null;
  }
}
