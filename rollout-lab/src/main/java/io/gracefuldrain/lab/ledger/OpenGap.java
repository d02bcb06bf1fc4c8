package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Gap;
import org.jspecify.annotations.Nullable;

/** A gap that has not ended. Not thread-safe. */
final class OpenGap {
  final long fromMs;
  long backoffMs;
  int failedConnects;

  OpenGap(long fromMs) {
    this.fromMs = fromMs;
  }

  Gap ended(@Nullable Long toMs) {
    return new Gap(fromMs, toMs, backoffMs, failedConnects);
  }
}
