package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Counts;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of one client's connections: the feed, its own numbers and its orders. Each method is
 * told its connection. Not thread-safe.
 */
final class Streams {
  /** A message due this shortly before the end may still be on its way. */
  static final long ON_ITS_WAY_MS = 2_000;

  private final int feedMs;
  private final FeedCount feed = new FeedCount();
  private final Uploads uploads;
  private final OrderBook orders;
  private final IntCountsHistogram feedLatency = new IntCountsHistogram(2);
  private final IntCountsHistogram ackLatency = new IntCountsHistogram(2);
  private long dropped;
  private long wrongAcknowledgements;

  /** The feed at a moment. */
  record FeedFigures(long received, long missingConnected, long missingAway) {}

  Streams(int feedMs, Uploads uploads, OrderBook orders) {
    this.feedMs = feedMs;
    this.uploads = uploads;
    this.orders = orders;
  }

  // ---------------------------------------------------------------- connections

  /** The client has its first connection: its numbers begin. */
  void begin(long nowMs) {
    uploads.begin(nowMs);
  }

  /** The client had no connection and has another one now. */
  void moved() {
    feed.moved();
  }

  /** A connection has ended, and with it the acknowledgements that it owed. */
  void ended(@Nullable OpenStay over) {
    if (over == null) {
      return;
    }
    uploads.ended(over);
    if (orders.ended(over)) {
      over.ordersCut++;
    }
  }

  /** Numbers and orders that were to go over one connection go over another. */
  void redirected(OpenStay over, OpenStay instead) {
    uploads.redirected(over, instead);
    orders.redirected(over, instead);
  }

  // ---------------------------------------------------------------- down

  /** A message has come over a connection; the application sees it later, or never. */
  void arrived(long n, @Nullable OpenStay over) {
    if (over != null) {
      over.received++;
      over.lastReceived = n;
    }
  }

  /** The application sees a message; returns whether for the first time. */
  boolean delivered(long n, long nowMs) {
    if (feed.take(n) == FeedCount.Kind.DUPLICATE) {
      return false;
    }
    feedLatency.recordValue(Math.max(0, nowMs - feedDueMs(n)));
    return true;
  }

  long feedDueMs(long n) {
    return n * feedMs;
  }

  void dropped(long count) {
    dropped += count;
  }

  // ---------------------------------------------------------------- up

  /** The numbers to send now over a connection; none without one. */
  List<Long> due(long nowMs, @Nullable OpenStay over) {
    return over == null ? List.of() : uploads.take(nowMs, over);
  }

  void acknowledged(long n, @Nullable Long answered, @Nullable OpenStay over, long nowMs) {
    if (answered == null || answered != n || over == null || !uploads.acknowledge(n)) {
      wrongAcknowledgements++;
      return;
    }
    over.acknowledged++;
    ackLatency.recordValue(Math.max(0, nowMs - uploads.dueMs(n)));
  }

  /** The id of the order to place now over a connection; null if none is due, or without one. */
  @Nullable String dueOrder(long nowMs, @Nullable OpenStay over) {
    String id = over == null ? null : orders.take(nowMs, over);
    if (over != null && id != null) {
      over.ordersPlaced++;
    }
    return id;
  }

  void orderAnswered(String id, @Nullable String answered) {
    if (!orders.answered(id, answered)) {
      wrongAcknowledgements++;
    }
  }

  void acknowledgedUnasked() {
    wrongAcknowledgements++;
  }

  /** Whether an acknowledgement of a number is still to come. */
  boolean owed() {
    return uploads.inFlight() > 0;
  }

  // ---------------------------------------------------------------- the end

  /** Nothing new is sent from now on. */
  void endSending(long nowMs) {
    uploads.end(nowMs);
    orders.end(nowMs);
  }

  /**
   * The feed has ended. A connection that has fallen silent must show, although no later number
   * ever came.
   *
   * @param away whether the client has no connection
   */
  void endFeed(long firstConnectedMs, long nowMs, boolean away) {
    long last = numberAt(away ? nowMs : nowMs - ON_ITS_WAY_MS - feedMs);
    feed.end(numberAt(firstConnectedMs + ON_ITS_WAY_MS), last, away);
  }

  private long numberAt(long nowMs) {
    return Math.floorDiv(nowMs, feedMs);
  }

  FeedFigures feed() {
    return new FeedFigures(feed.received(), feed.missingConnected(), feed.missingAway());
  }

  AbstractHistogram feedLatency() {
    return feedLatency;
  }

  AbstractHistogram ackLatency() {
    return ackLatency;
  }

  Counts counts() {
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
}
