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
 * The application of a Java client: it sends numbers and orders, and reads messages and answers.
 * Used on the library's one event thread only.
 */
final class JavaStreams {
  /** The emit method of the library. */
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

  /** Receives the name of the pod that answers. */
  interface Named {
    void by(String pod, String generation);
  }

  /** Asks the pod for its name. */
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

  /** Sends the numbers and the order that are due, if there is a connection. */
  void send() {
    if (!connected.getAsBoolean()) {
      return; // the library would buffer the emit and send it a second time later
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

  /** The pod that a message names as its sender, or null. */
  static @Nullable String pod(@Nullable JSONObject message) {
    return message == null ? null : message.optString("pod", null);
  }

  /** The number of a message, or null if it has none. */
  static @Nullable Long number(@Nullable JSONObject message) {
    return message == null || !message.has("n") ? null : message.optLong("n");
  }

  /** The payload of an event. One that comes before the reply to connect has its name in front. */
  static @Nullable JSONObject last(Object... args) {
    return args.length > 0 && args[args.length - 1] instanceof JSONObject json ? json : null;
  }
}
