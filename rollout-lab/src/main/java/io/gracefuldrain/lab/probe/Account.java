package io.gracefuldrain.lab.probe;

import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The account of one client: told what happens to it and when, it counts. It knows neither sockets
 * nor clocks; all times are milliseconds since the epoch. Thread-safe.
 */
final class Account {
  /** What is due this shortly before the end may still be on its way. */
  static final long ON_ITS_WAY_MS = 2_000;

  private final int client;
  private final ClientKind kind;
  private final String source;
  private final int feedMs;

  // All below is guarded by this.
  private final FeedCount feed = new FeedCount();
  private final Uploads uploads;
  private final OrderBook orders;
  private final IntCountsHistogram feedLatency = new IntCountsHistogram(2);
  private final IntCountsHistogram ackLatency = new IntCountsHistogram(2);
  private final Stays connections = new Stays();
  private final MoveBook moves;
  private boolean holding;
  private long dropped;
  private long wrongAcknowledgements;

  /** A client at a moment, for whoever watches. */
  record Glance(
      boolean connected,
      boolean named,
      int stays,
      int gaps,
      int failedConnects,
      FeedFigures feed) {}

  /** Its feed at a moment. */
  record FeedFigures(long received, long missingConnected, long missingAway) {}

  /** All there is to say of a client, with what its kind's totals are made from. */
  record Closing(
      ClientLedger ledger, AbstractHistogram feedLatency, AbstractHistogram ackLatency) {}

  /**
   * @param peers whom its moves are compared with; it is one of them
   */
  Account(
      int client,
      ClientKind kind,
      String source,
      int feedMs,
      Uploads uploads,
      OrderBook orders,
      Peers peers) {
    this.client = client;
    this.kind = kind;
    this.source = source;
    this.feedMs = feedMs;
    this.uploads = uploads;
    this.orders = orders;
    this.moves = new MoveBook(peers);
  }

  // ---------------------------------------------------------------- connections

  /** It tries to connect. What it waited before is its own choice. */
  synchronized void attempting(long nowMs) {
    connections.attempting(nowMs);
  }

  /** The attempt has failed; told more than once, it counts once. */
  synchronized void failed(long nowMs) {
    connections.failed(nowMs);
  }

  /** An attempt has failed, of a client that does not say when it tries. */
  synchronized void failedUntold(long nowMs) {
    connections.failedUntold(nowMs);
  }

  synchronized void connected(@Nullable String sid, long nowMs) {
    if (connections.never()) {
      uploads.begin(nowMs);
    } else {
      feed.moved();
      ended(connections.stay()); // a move's, that was not ready in time
    }
    connections.connected(sid, nowMs);
  }

  /** The pod that the connection leads to has said its name. */
  synchronized void answeredBy(String pod, String generation) {
    connections.answeredBy(pod, generation);
  }

  /** The connection has ended; without one it was an attempt that failed. */
  synchronized void disconnected(String reason, long nowMs) {
    OpenStay stay = connections.stay();
    if (stay == null) {
      failed(nowMs);
      return;
    }
    ended(stay);
    connections.lost(reason, nowMs);
  }

  private void ended(@Nullable OpenStay over) {
    if (over == null) {
      return;
    }
    uploads.ended(over);
    if (orders.ended(over)) {
      over.ordersCut++;
    }
  }

  // ---------------------------------------------------------------- moves of aware clients

  /** It has been hinted, and goes about it; the connection that there is goes on. */
  synchronized OpenMove moving(long nowMs) {
    OpenMove move = connections.moving(nowMs);
    moves.began(move);
    return move;
  }

  /** The next connection is there, beside the one that there is. */
  synchronized void nextConnected(@Nullable String sid, long nowMs) {
    connections.nextConnected(sid, nowMs);
  }

  /** The pod that the next connection leads to has said its name. */
  synchronized void nextAnsweredBy(String pod, String generation) {
    connections.nextAnsweredBy(pod, generation);
  }

  /** The next connection, if it was one yet, has been given up. */
  synchronized void nextLeft(long nowMs) {
    connections.nextLeft(nowMs);
  }

  /** What is sent from now on goes over the next connection. */
  synchronized void holding() {
    holding = true;
  }

  /** The connection that there is has ended, and the next is there already. */
  synchronized void cut(String reason, long nowMs) {
    ended(connections.stay());
    connections.cut(reason, nowMs);
  }

  /** The next connection has taken over; the old one may still have something to say. */
  synchronized void released(long nowMs) {
    holding = false;
    if (connections.released(nowMs)) {
      feed.moved();
    }
  }

  /** The old connection of a move has been let go of. */
  synchronized void moved(OpenMove move, long nowMs, Move.Figures figures) {
    ended(move.old);
    connections.moved(move, move.fromMs + figures.connectMs(), nowMs);
    moves.ended(move, nowMs, figures, null);
  }

  /**
   * It stays where it is.
   *
   * @param alone whether that is without any connection
   */
  synchronized void moveFailed(OpenMove move, String reason, boolean alone, long nowMs) {
    holding = false;
    OpenStay next = connections.next();
    OpenStay stay = connections.stay();
    if (next != null && stay != null) {
      uploads.redirected(next, stay);
      orders.redirected(next, stay);
    } else {
      ended(next); // neither is left
    }
    connections.nextLeft(nowMs);
    connections.moveFailed();
    moves.ended(move, nowMs, null, reason);
    if (alone && stay != null) {
      disconnected(Stay.NOT_TAKEN, nowMs);
    }
  }

  /** Where what is sent now goes. */
  private @Nullable OpenStay out() {
    OpenStay next = connections.next();
    return holding && next != null ? next : connections.stay();
  }

  // ---------------------------------------------------------------- streams

  /** A message of the feed, to a client that knows no hints. */
  synchronized void heard(long n, long nowMs) {
    if (delivered(n, nowMs)) {
      arrived(n, null);
    }
  }

  /**
   * A message of the feed has come over a connection; the application sees it later, or never.
   *
   * @param pod whose it is, or null if that is not known
   */
  synchronized void arrived(long n, @Nullable String pod) {
    OpenStay over = connections.to(pod);
    if (over != null) {
      over.received++;
      over.lastReceived = n;
    }
  }

  /** The application sees a message of the feed; returns whether for the first time. */
  synchronized boolean delivered(long n, long nowMs) {
    if (feed.take(n) == FeedCount.Kind.DUPLICATE) {
      return false;
    }
    long dueMs = n * feedMs;
    feedLatency.recordValue(Math.max(0, nowMs - dueMs));
    moves.took(n, dueMs, nowMs);
    return true;
  }

  /** It has dropped a message that it had seen. */
  synchronized void dropped(long count) {
    dropped += count;
  }

  /** What to send now; nothing without a connection. */
  synchronized List<Long> due(long nowMs) {
    OpenStay over = out();
    return over == null ? List.of() : uploads.take(nowMs, over);
  }

  /**
   * An acknowledgement.
   *
   * @param n the number it was asked for
   * @param answered the number it names, or null if none
   * @param pod who answered, or null if that is not known
   */
  synchronized void acknowledged(
      long n, @Nullable Long answered, @Nullable String pod, long nowMs) {
    OpenStay over = connections.to(pod);
    if (answered == null || answered != n || over == null || !uploads.acknowledge(n)) {
      wrongAcknowledgements++;
      return;
    }
    over.acknowledged++;
    ackLatency.recordValue(Math.max(0, nowMs - uploads.dueMs(n)));
  }

  /** The id of an order to place now; null if none is due, or without a connection. */
  synchronized @Nullable String dueOrder(long nowMs) {
    OpenStay over = out();
    String id = over == null ? null : orders.take(nowMs, over);
    if (over != null && id != null) {
      over.ordersPlaced++;
    }
    return id;
  }

  /**
   * The answer to an order.
   *
   * @param id which one
   * @param answered the id that the answer says is done, or null if none
   */
  synchronized void orderAnswered(String id, @Nullable String answered) {
    if (!orders.answered(id, answered)) {
      wrongAcknowledgements++;
    }
  }

  /** An acknowledgement that nothing was sent for. */
  synchronized void acknowledgedUnasked() {
    wrongAcknowledgements++;
  }

  // ---------------------------------------------------------------- the end

  /** Nothing new is sent from now on; what is under way may be acknowledged. */
  synchronized void endSending(long nowMs) {
    uploads.end(nowMs);
    orders.end(nowMs);
  }

  /** Whether an acknowledgement of a number may still come; orders take too long to be awaited. */
  synchronized boolean owed() {
    return connections.stay() != null && uploads.inFlight() > 0;
  }

  synchronized Glance glance() {
    OpenStay stay = connections.stay();
    return new Glance(
        stay != null,
        stay != null && stay.pod != null,
        connections.stayCount(),
        connections.gapCount(),
        connections.failures(),
        new FeedFigures(feed.received(), feed.missingConnected(), feed.missingAway()));
  }

  /** Closes the account; to be called once, and nothing after it counts. */
  synchronized Closing close(long nowMs) {
    boolean away = connections.stay() == null;
    if (!connections.never()) {
      // A connection that has fallen silent must show, although no later number ever came.
      long last = numberAt(away ? nowMs : nowMs - ON_ITS_WAY_MS - feedMs);
      feed.end(numberAt(connections.firstConnectedMs() + ON_ITS_WAY_MS), last, away);
    }
    ClientLedger ledger =
        new ClientLedger(
            client,
            kind,
            source,
            connections.stays(),
            connections.gaps(),
            moves.moves(),
            connections.firstConnectFailures(),
            counts(),
            Spreads.of(feedLatency),
            Spreads.of(ackLatency),
            moves.whileMoving(),
            moves.atPeers());
    return new Closing(ledger, feedLatency.copy(), ackLatency.copy());
  }

  private Counts counts() {
    return new Counts(
        feed.received(),
        feed.missingConnected(),
        feed.missingAway(),
        feed.duplicated(),
        dropped,
        feed.reordered(),
        uploads.sent(),
        uploads.acknowledged(),
        uploads.unanswered(),
        wrongAcknowledgements,
        orders.placed(),
        orders.done(),
        orders.cut());
  }

  private long numberAt(long nowMs) {
    return Math.floorDiv(nowMs, feedMs);
  }
}
