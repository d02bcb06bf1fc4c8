package io.gracefuldrain.client;

import java.util.ArrayDeque;
import java.util.Queue;

/** The deliveries of the next connection before it is current. On the event thread. */
final class Inbox {
  private static final class Delivery {
    final AwareSocket socket;
    final String event;
    final Object[] args;

    Delivery(AwareSocket socket, String event, Object[] args) {
      this.socket = socket;
      this.event = event;
      this.args = args;
    }
  }

  /** Receives deliveries. */
  interface Receiver {
    void deliver(AwareSocket socket, String event, Object[] args);
  }

  private final Queue<Delivery> heldBack = new ArrayDeque<>();

  /** Holds a delivery back; false if there are too many. */
  boolean add(AwareSocket socket, String event, Object[] args) {
    return heldBack.size() < Bounds.HELD_MOST && heldBack.add(new Delivery(socket, event, args));
  }

  void forget(AwareSocket socket) {
    heldBack.removeIf(delivery -> delivery.socket == socket);
  }

  void forgetAll() {
    heldBack.clear();
  }

  /** Delivers everything, in order. */
  void empty(Receiver receiver) {
    for (Delivery next = heldBack.poll(); next != null; next = heldBack.poll()) {
      receiver.deliver(next.socket, next.event, next.args);
    }
  }
}
