package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Stay;
import org.jspecify.annotations.Nullable;

/** A stay that has not ended. Not thread-safe. */
final class OpenStay {
  @Nullable String sid;
  long fromMs;
  @Nullable String pod;
  @Nullable String generation;
  long received;
  @Nullable Long lastReceived;
  long acknowledged;
  int ordersPlaced;
  int ordersCut;

  OpenStay(@Nullable String sid, long fromMs) {
    this.sid = sid;
    this.fromMs = fromMs;
  }

  Stay ended(@Nullable Long toMs, @Nullable String reason) {
    return new Stay(
        sid,
        pod,
        generation,
        fromMs,
        toMs,
        reason,
        received,
        lastReceived,
        acknowledged,
        ordersPlaced,
        ordersCut);
  }
}
