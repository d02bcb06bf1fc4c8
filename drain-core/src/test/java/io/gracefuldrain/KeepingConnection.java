package io.gracefuldrain;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stock client's connection whose session is kept when it is let go: an adapter as simple as
 * possible. What is sent to it then is its mail. Its client is the one that knows its name.
 */
public final class KeepingConnection implements DrainableConnection, KeptSession.Source {
  private final String id;
  private final boolean offers;
  private final CompletableFuture<ConnectionHandle> handle = new CompletableFuture<>();
  private final List<String> events = new ArrayList<>(); // guarded by this
  private final List<String> mail = new ArrayList<>(); // guarded by this
  private volatile @Nullable KeptSession kept;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean offered;
  private final CompletableFuture<byte[]> late = new CompletableFuture<>();
  private volatile boolean endsLate;

  private KeepingConnection(String id, boolean offers) {
    this.id = id;
    this.offers = offers;
  }

  /** One that is offered as soon as it is let go. */
  public static KeepingConnection register(DrainCoordinator coordinator, String id) {
    return new KeepingConnection(id, true).registered(coordinator);
  }

  /** One that fills until it is told to be offered. */
  public static KeepingConnection filling(DrainCoordinator coordinator, String id) {
    return new KeepingConnection(id, false).registered(coordinator);
  }

  private KeepingConnection registered(DrainCoordinator coordinator) {
    handle.complete(coordinator.register(this));
    return this;
  }

  ConnectionHandle handle() {
    try {
      return handle.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("not registered", e);
    }
  }

  @Nullable KeptSession kept() {
    return kept;
  }

  /** Whether its session has been offered. */
  boolean offered() {
    return offered;
  }

  /** Offers a session that fills. */
  public void offer() {
    KeptSession session = kept;
    if (session != null) {
      offered = true;
      session.offer(this);
    }
  }

  /** Its source throws this when it is asked. */
  public void failsWith(RuntimeException cause) {
    failure = cause;
  }

  /** Sends something to the client; says whether it is kept. */
  public synchronized boolean send(String message) {
    KeptSession session = kept;
    if (session == null || !session.reserve(message.getBytes(StandardCharsets.UTF_8).length)) {
      return false;
    }
    mail.add(message);
    return true;
  }

  /** What has happened, in order: {@code LET_GO}, {@code kept}, {@code taken by b}. */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  private synchronized void happened(String event) {
    events.add(event);
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
  public void close(CloseManner manner, Duration within) {
    happened(manner.name());
    KeptSession session = manner == CloseManner.LET_GO ? handle().keep(id) : null;
    if (session == null) {
      handle().left(Departure.SILENT);
      return;
    }
    kept = session;
    happened("kept");
    if (offers) {
      offer();
    }
  }

  @Override
  public byte[] state(byte[] question) throws HandOverRefusal {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    String asked = new String(question, StandardCharsets.UTF_8);
    if (!asked.equals(id)) {
      throw new HandOverRefusal("identity", "the session belongs to somebody else");
    }
    return ("state of " + id).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized byte[] take() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    return String.join("\n", mail).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public CompletionStage<byte[]> landed(String pod) {
    happened("taken by " + pod);
    CompletableFuture<byte[]> rest =
        endsLate ? late : CompletableFuture.completedFuture(new byte[0]);
    handle().left(Departure.SILENT);
    return rest;
  }

  /** It goes on for a moment when it has landed; completes the end, with the last of it. */
  public CompletableFuture<byte[]> endsLate() {
    endsLate = true;
    return late;
  }

  /** The application disconnects the client. */
  public void throwOut() {
    KeptSession session = kept;
    if (session != null) {
      session.drop("disconnected");
      handle().left(Departure.GOODBYE);
    }
  }

  @Override
  public void expired() {
    happened("expired");
    handle().left(Departure.SILENT);
  }
}
