package io.gracefuldrain;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when work is to begin and its gate is sealed: the connection has been let go and its
 * client is on its way to another pod, or the pod drains and takes no more work of its own.
 */
public final class SealedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private SealedException(String holder, String work) {
    super(holder + " is sealed (expected: an open one to begin " + work + ")");
  }

  /** The lease, unless there is none since the gate of its holder is sealed. */
  static WorkLease require(@Nullable WorkLease lease, String holder, String work) {
    if (lease == null) {
      throw new SealedException(holder, work);
    }
    return lease;
  }
}
