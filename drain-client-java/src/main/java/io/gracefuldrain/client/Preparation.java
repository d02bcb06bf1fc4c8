package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has the application make each namespace of the next connection ready. On the event thread. */
final class Preparation {
  /** One call of the application's {@link Ready}. */
  private static final class Task {
    boolean done;
  }

  private final Connection next;
  private final Runnable onReady;
  private final Consumer<String> onFailure;
  private final Map<Channel, Task> tasks = new HashMap<>();
  private boolean over;

  /**
   * The preparation of one connection.
   *
   * @param onReady run when the application is ready in every namespace
   * @param onFailure told why a task failed
   */
  Preparation(Connection next, Runnable onReady, Consumer<String> onFailure) {
    this.next = next;
    this.onReady = onReady;
    this.onFailure = onFailure;
  }

  void begin() {
    for (Channel channel : new ArrayList<>(next.channels())) {
      if (channel.joined()) {
        prepare(channel);
      }
    }
  }

  void prepare(Channel channel) {
    Task task = new Task();
    tasks.put(channel, task);
    ReadyCall.moving(channel)
        .whenComplete((done, failure) -> EventThread.exec(() -> ended(channel, task, failure)));
  }

  private void ended(Channel channel, Task task, @Nullable Throwable failure) {
    if (over || tasks.get(channel) != task) {
      return; // the attempt has failed, or the namespace was left
    }
    if (failure != null) {
      onFailure.accept(Reason.of(failure));
      return;
    }
    task.done = true;
    look();
  }

  private void look() {
    if (!over
        && next.channels().stream()
            .filter(channel -> channel.joined() && channel.socket().isActive())
            .allMatch(this::isDone)) {
      onReady.run();
    }
  }

  /** A namespace is not wanted any more. */
  void leave(AwareSocket socket) {
    tasks.remove(next.known(socket));
    look();
  }

  /** Whether the application has made the channel ready. */
  boolean isDone(Channel channel) {
    Task task = tasks.get(channel);
    return task != null && task.done;
  }

  /** Tasks that are still at work no longer matter. */
  void end() {
    over = true;
  }
}
