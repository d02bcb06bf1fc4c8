package io.gracefuldrain.sample.plan;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSession;
import io.gracefuldrain.KeptSessions;
import io.gracefuldrain.ReconnectHint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client's connection to a pod, as an adapter would show it to the pod's coordinator. */
final class Connection implements DrainableConnection {
  /** How long an aware client keeps its old connection beside the new one. */
  private static final long OVERLAP = Duration.ofMillis(500).toNanos();

  private static final byte[] NOTHING = {};

  final Client client;
  final Pod pod;
  private final ConnectionHandle handle;
  private final String id;
  private boolean closing;
  private boolean kept;
  private boolean cut;

  Connection(Client client, Pod pod, ConnectionHandle handle, String id) {
    this.client = client;
    this.pod = pod;
    this.handle = handle;
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
    return client.kind == Client.Kind.AWARE;
  }

  @Override
  public void hint(ReconnectHint hint) {
    client.world.seen.slot(client.world.time.nanos());
    long half = client.world.halfWay();
    client.world.time.runAfter(
        half,
        () -> {
          client.world.time.runAfter(half, handle::heard);
          client.hinted(this, hint.ticket());
        });
  }

  @Override
  public void close(CloseManner manner, Duration within) {
    if (closing) {
      return;
    }
    closing = true;
    client.world.seen.slot(client.world.time.nanos());
    boolean keeps =
        manner == CloseManner.LET_GO
            && client.kind != Client.Kind.AWARE
            && client.world.handsOver();
    KeptSession session = keeps ? handle.keep(id) : null;
    kept = session != null;
    long half = client.world.halfWay();
    client.world.time.runAfter(half, this::isCut);
    client.world.time.runAfter(
        2 * half,
        () -> {
          if (session == null) {
            handle.left(Departure.SILENT);
          } else {
            session.offer(new Mailbox());
          }
        });
  }

  private void isCut() {
    cut = true;
    client.cut(this);
  }

  /** Whether its client has seen its end, or will once it hears of its beginning. */
  boolean cut() {
    return cut;
  }

  /** Its client has arrived elsewhere, and lets go of it once both have overlapped. */
  void landed(Pod elsewhere, Duration connectTime) {
    client.world.time.runAfter(
        client.world.halfWay(), () -> handle.landed(elsewhere.name, connectTime));
    client.world.time.runAfter(OVERLAP, () -> handle.left(Departure.GOODBYE));
  }

  /** Whether the session was kept for the pod where the client turns up. */
  boolean kept() {
    return kept;
  }

  /** The pod where the client has turned up takes its session; says whether it got it. */
  boolean taken(Pod by) {
    if (pod.gone()) {
      return false;
    }
    try {
      KeptSessions sessions = pod.coordinator.keptSessions();
      var unused = sessions.take(id, id);
      sessions.landed(id, id, by.name);
      return true;
    } catch (HandOverRefusal e) {
      return false;
    }
  }

  /** What is kept for the next pod; it is empty, since only its time is of interest. */
  private final class Mailbox implements KeptSession.Source {
    @Override
    public byte[] state(byte[] question) {
      return NOTHING;
    }

    @Override
    public byte[] take() {
      return NOTHING;
    }

    @Override
    public CompletionStage<byte[]> landed(String elsewhere) {
      handle.left(Departure.SILENT);
      return CompletableFuture.completedFuture(NOTHING);
    }

    @Override
    public void expired() {
      handle.left(Departure.SILENT);
    }
  }
}
