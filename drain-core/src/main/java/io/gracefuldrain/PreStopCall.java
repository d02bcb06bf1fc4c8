package io.gracefuldrain;

import java.util.concurrent.CompletionStage;

/**
 * One open request of the preStop hook. While one is open, a SIGTERM means that the platform has
 * given up waiting and that about two seconds are left. When the last one is closed and no SIGTERM
 * follows within {@code hookReset}, the pod goes back to serving. Thread-safe.
 */
public interface PreStopCall extends AutoCloseable {
  /** Completes when the drain is done, linger included; a caller cannot complete it. */
  CompletionStage<DrainReport> done();

  /** The request was answered, or its connection broke. Only the first call counts. */
  @Override
  void close();
}
