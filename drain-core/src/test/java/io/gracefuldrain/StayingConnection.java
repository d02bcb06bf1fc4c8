package io.gracefuldrain;

import java.time.Duration;

/** A stock client's connection that stays, even when it is asked to close. */
public class StayingConnection implements DrainableConnection {
  private final String id;

  /** A connection with a name. */
  public StayingConnection(String id) {
    this.id = id;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String transport() {
    return "websocket";
  }

  @Override
  public boolean aware() {
    return false;
  }

  @Override
  public void hint(ReconnectHint hint) {
    throw new IllegalStateException("a stock client knows no hints");
  }

  @Override
  public void close(CloseManner manner, Duration within) {}
}
