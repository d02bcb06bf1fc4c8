package io.gracefuldrain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A connection that notes each request. Unless told otherwise it leaves at the first request. */
final class FakeClient implements DrainableConnection {
  // Each once, however often it is said.
  final List<ReconnectHint> hints = new ArrayList<>();
  final List<Duration> plans = new ArrayList<>();
  final List<CloseManner> closes = new ArrayList<>();
  final List<Duration> withins = new ArrayList<>();
  int timesHinted;
  Duration plannedAt;
  Duration hintedAt;
  Duration closedAt;

  private final String id;
  private final boolean aware;
  private final VirtualClock clock;
  // A drain on another thread may ask before registering has returned here.
  private final CompletableFuture<ConnectionHandle> handle = new CompletableFuture<>();
  private Consumer<ReconnectHint> onHint = hint -> {};
  private Consumer<Duration> onPlan = window -> {};
  private Consumer<CloseManner> onClose = manner -> leave(Departure.SILENT);

  FakeClient(String id, boolean aware, VirtualClock clock) {
    this.id = id;
    this.aware = aware;
    this.clock = clock;
  }

  FakeClient onHint(Consumer<ReconnectHint> action) {
    this.onHint = action;
    return this;
  }

  FakeClient onPlan(Consumer<Duration> action) {
    this.onPlan = action;
    return this;
  }

  FakeClient onClose(Consumer<CloseManner> action) {
    this.onClose = action;
    return this;
  }

  /** Does not go, even when it is forced. */
  FakeClient stubborn() {
    return onClose(manner -> {});
  }

  FakeClient register(DrainCoordinator coordinator) {
    handle.complete(coordinator.register(this));
    return this;
  }

  /** Was made with its handle. */
  FakeClient with(ConnectionHandle given) {
    handle.complete(given);
    return this;
  }

  ConnectionHandle handle() {
    try {
      return handle.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("not registered", e);
    }
  }

  void leave(Departure how) {
    handle().left(how);
  }

  /** Arrives elsewhere and says so. */
  void land(Duration connectTime) {
    handle().landed("other", connectTime);
  }

  WorkLease work(String name) {
    return Objects.requireNonNull(handle().tryBegin(name), "sealed");
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String transport() {
    return "websocket";
  }

  @Override
  public boolean aware() {
    return aware;
  }

  @Override
  public void hint(ReconnectHint hint) {
    timesHinted++;
    if (!hints.contains(hint)) {
      hints.add(hint);
      hintedAt = clock.elapsed();
    }
    onHint.accept(hint);
  }

  @Override
  public void plan(Duration window) {
    plans.add(window);
    plannedAt = clock.elapsed();
    onPlan.accept(window);
  }

  @Override
  public void close(CloseManner manner, Duration within) {
    closes.add(manner);
    withins.add(within);
    if (closedAt == null) {
      closedAt = clock.elapsed();
    }
    onClose.accept(manner);
  }

  @Override
  public String toString() {
    return id;
  }
}
