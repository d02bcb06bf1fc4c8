package io.gracefuldrain.socketio;

import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.KeptSession;
import io.gracefuldrain.WorkLease;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connection of a client that there is not: it is on nobody's list, and always sealed. */
final class RehearsalHandle implements ConnectionHandle {
  private final boolean keeps;

  /**
   * A connection that is being let go.
   *
   * @param keeps whether its session is kept
   */
  RehearsalHandle(boolean keeps) {
    this.keeps = keeps;
  }

  @Override
  public boolean sealed() {
    return true;
  }

  @Override
  public boolean tryEnter() {
    return false;
  }

  @Override
  public boolean tryEnterLate() {
    return false;
  }

  @Override
  public void exit() {
    throw new IllegalStateException("nothing is in flight");
  }

  @Override
  public @Nullable WorkLease tryBegin(String work) {
    return null;
  }

  @Override
  public @Nullable WorkLease tryBegin(String work, Duration limit) {
    return null;
  }

  @Override
  public WorkLease begin(String work) {
    throw new IllegalStateException("it is sealed: " + work);
  }

  @Override
  public WorkLease begin(String work, Duration limit) {
    return begin(work);
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public void aware() {}

  @Override
  public void heard() {}

  @Override
  public void landed(String pod, Duration connectTime) {}

  @Override
  public boolean moving() {
    return true;
  }

  @Override
  public Optional<String> movedTo() {
    return Optional.empty();
  }

  @Override
  public @Nullable KeptSession keep(String session) {
    return keeps ? new Room() : null;
  }

  @Override
  public void left(Departure how) {}

  /** It counts nothing, and nobody can take what is in it. */
  private static final class Room implements KeptSession {
    @Override
    public boolean reserve(int bytes) {
      return true;
    }

    @Override
    public void offer(Source source) {}

    @Override
    public void drop(String reason) {}

    @Override
    public void leftOut() {}
  }
}
