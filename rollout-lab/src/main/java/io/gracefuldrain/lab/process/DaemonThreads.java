package io.gracefuldrain.lab.process;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep the process. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /** They are all called that. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
