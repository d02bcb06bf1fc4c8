package io.gracefuldrain.handover;

import io.gracefuldrain.HandOverRefusal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** No session is handed over. */
final class Off implements HandOver {
  @Override
  public boolean on() {
    return false;
  }

  @Override
  public String token(String session) {
    throw new IllegalStateException("hand-over is off (expected: DRAIN_TICKET_KEY to be set)");
  }

  @Override
  public String token(String session, Duration validFor) {
    return token(session);
  }

  @Override
  public boolean valid(String token) {
    return false;
  }

  @Override
  public boolean same(String token, String other) {
    return false;
  }

  @Override
  public void unreadable(String token) {
    // each is
  }

  @Override
  public CompletionStage<Prepared> prepare(String token, byte[] question) {
    return CompletableFuture.failedFuture(new HandOverRefusal("off", "hand-over is off"));
  }
}
