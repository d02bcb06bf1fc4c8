package io.gracefuldrain.signal;

/** Makes the threads of this package. */
final class Threads {
  private Threads() {}

  /** A thread that does not keep the JVM. */
  static Thread daemon(String name, Runnable body) {
    return thread(name, body, true);
  }

  /** A thread that keeps the JVM until it ends. */
  static Thread keeper(String name, Runnable body) {
    return thread(name, body, false);
  }

  private static Thread thread(String name, Runnable body, boolean daemon) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(daemon);
    return thread;
  }
}
