package io.gracefuldrain.contract;

import io.gracefuldrain.WorkGate;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The application behind the adapter's server. The server calls each method where it calls its
 * user's code for the same event, on the same thread, and lets through what it throws. Thread-safe.
 */
public final class ContractApplication {
  private final AtomicInteger messages = new AtomicInteger();

  private volatile Consumer<WorkGate> onConnected = work -> {};
  private volatile Consumer<WorkGate> onMessage = work -> {};
  private volatile Runnable onDisconnected = () -> {};

  ContractApplication() {}

  /**
   * A client has connected.
   *
   * @param work its connection's leases, as the adapter's users get them
   */
  public void connected(WorkGate work) {
    onConnected.accept(work);
  }

  /**
   * A client has sent a message.
   *
   * @param work its connection's leases, as the adapter's users get them
   */
  public void message(WorkGate work) {
    messages.incrementAndGet();
    onMessage.accept(work);
  }

  /** A client's connection has ended, or is about to end. */
  public void disconnected() {
    onDisconnected.run();
  }

  // ---------------------------------------------------------------- what the contract asks of it

  int messages() {
    return messages.get();
  }

  void onConnected(Consumer<WorkGate> action) {
    onConnected = action;
  }

  void onMessage(Consumer<WorkGate> action) {
    onMessage = action;
  }

  void onDisconnected(Runnable action) {
    onDisconnected = action;
  }
}
