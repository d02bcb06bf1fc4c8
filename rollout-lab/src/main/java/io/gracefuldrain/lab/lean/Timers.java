package io.gracefuldrain.lab.lean;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Timers that are cancelled together. Used on their event loop only. */
final class Timers {
  private final EventLoop loop;
  private final List<Future<?>> running = new ArrayList<>();

  Timers(EventLoop loop) {
    this.loop = loop;
  }

  void after(long ms, Runnable then) {
    running.add(loop.schedule(then, ms, TimeUnit.MILLISECONDS));
  }

  void cancel() {
    running.forEach(each -> each.cancel(false));
    running.clear();
  }
}
