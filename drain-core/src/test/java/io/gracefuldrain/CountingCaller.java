package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A caller that knows how many of its calls have not come back. */
final class CountingCaller implements ConnectionCaller {
  private final ConnectionCaller caller;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int out;

  CountingCaller(ConnectionCaller caller) {
    this.caller = caller;
  }

  @Override
  public void onFailure(Failures next) {
    caller.onFailure(next);
  }

  @Override
  public void call(Iterable<Call> calls) {
    List<Call> counted = new ArrayList<>();
    for (Call call : calls) {
      count(1);
      counted.add(
          new Call(
              call.tracked(),
              call.kind(),
              () -> {
                try {
                  call.action().run();
                } finally {
                  count(-1);
                }
              }));
    }
    caller.call(counted);
  }

  private void count(int change) {
    lock.lock();
    try {
      out += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void awaitAtMost(int count) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(10);
      while (out > count) {
        assertThat(left).as("time for %d calls", out).isPositive();
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean check() {
    return caller.check();
  }

  @Override
  public void close() {
    caller.close();
  }
}
