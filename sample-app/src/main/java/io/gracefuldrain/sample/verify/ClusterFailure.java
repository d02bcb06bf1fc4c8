package io.gracefuldrain.sample.verify;

/** Why a cluster cannot be asked further, in words for whoever runs it. */
final class ClusterFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterFailure(String message) {
    super(message);
  }

  ClusterFailure(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
