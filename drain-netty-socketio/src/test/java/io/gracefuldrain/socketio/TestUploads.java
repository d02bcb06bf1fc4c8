package io.gracefuldrain.socketio;

import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The uploads that the application has received from its clients, on any pod. Thread-safe. */
final class TestUploads {
  private static final class Received {
    final BitSet numbers = new BitSet();
    int repeated;
  }

  private final Map<String, Received> clients = new ConcurrentHashMap<>();

  void record(String client, int number) {
    Received received = clients.computeIfAbsent(client, name -> new Received());
    synchronized (received) {
      if (received.numbers.get(number)) {
        received.repeated++;
      }
      received.numbers.set(number);
    }
  }

  boolean has(String client, int number) {
    Received received = clients.get(client);
    if (received == null) {
      return false;
    }
    synchronized (received) {
      return received.numbers.get(number);
    }
  }

  int count(String client) {
    Received received = clients.get(client);
    if (received == null) {
      return 0;
    }
    synchronized (received) {
      return received.numbers.cardinality();
    }
  }

  /** How many numbers the client sent again although they had been dispatched. */
  int repeated(String client) {
    Received received = clients.get(client);
    if (received == null) {
      return 0;
    }
    synchronized (received) {
      return received.repeated;
    }
  }
}
