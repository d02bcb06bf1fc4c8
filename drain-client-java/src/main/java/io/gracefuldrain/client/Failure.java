package io.gracefuldrain.client;

import java.util.Locale;

/** Why a move has failed: the {@code code} of {@code drain:failed}. */
enum Failure {
  /** The server or the network has refused every attempt, or every namespace. */
  REFUSED,
  /** The attempts led back to the pod that wants the client to go. */
  BOOMERANG,
  /** The application's {@link Ready} has failed. */
  READY,
  /** The time was over. */
  TIMEOUT,
  /** The next connection was lost while emits were held. */
  LOST,
  /** The old connection was cut, and its own reconnect came first. */
  RETURNED;

  /** As the application is told. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
