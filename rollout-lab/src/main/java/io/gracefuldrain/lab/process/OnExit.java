package io.gracefuldrain.lab.process;

/**
 * Something to clean up when the program ends, on Ctrl-C too. Closing it does so at once. It
 * happens once only. Thread-safe.
 */
public final class OnExit implements AutoCloseable {
  private final Runnable cleanUp;
  private final Thread hook;

  /**
   * @param thread the name of the thread that cleans up when the program ends
   */
  public OnExit(String thread, Runnable cleanUp) {
    this.cleanUp = cleanUp;
    this.hook = new Thread(cleanUp, thread);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    boolean first;
    try {
      first = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the program is ending, and the hook runs
    }
    if (first) {
      cleanUp.run();
    }
  }
}
