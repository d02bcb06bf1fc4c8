package io.gracefuldrain.socketio;

/** What a session has of a client that knows hints, and of no other. Thread-safe. */
final class AwareClient {
  private final GreetedNamespaces greeted = new GreetedNamespaces();
  private final TurnQueue turns = new TurnQueue();
  private boolean mistaken;

  /** Where it was greeted. */
  GreetedNamespaces greeted() {
    return greeted;
  }

  /** The order of its uploads and packets. */
  TurnQueue turns() {
    return turns;
  }

  /** Whether it has made no mistake until now. */
  synchronized boolean firstMistake() {
    boolean first = !mistaken;
    mistaken = true;
    return first;
  }
}
