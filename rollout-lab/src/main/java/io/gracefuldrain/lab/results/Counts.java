package io.gracefuldrain.lab.results;

import java.util.List;

/**
 * What of the streams became of a client, or of several.
 *
 * @param received different messages of the feed
 * @param missingConnected numbers skipped between two messages of one connection
 * @param missingAway numbers skipped where the connection changed, counted by when they were due
 * @param duplicated messages that had come before
 * @param dropped those that an aware client has dropped itself, so that nobody saw them again
 * @param reordered messages that came after a later one of the same connection
 * @param sent numbers of its own that it sent, each counted once however often it was sent again
 * @param acknowledged how many of them were acknowledged
 * @param unanswered emits whose connection ended before the acknowledgement; the number was sent
 *     again over the next
 * @param wrongAcknowledgements acknowledgements of what was not sent, second ones, and those that
 *     say something else
 * @param ordersPlaced orders that it placed; those that are neither done nor cut were in flight
 *     when the crowd was stopped, or were answered wrongly
 * @param ordersDone those that were acknowledged as done
 * @param ordersCut those whose connection ended before that
 */
public record Counts(
    long received,
    long missingConnected,
    long missingAway,
    long duplicated,
    long dropped,
    long reordered,
    long sent,
    long acknowledged,
    long unanswered,
    long wrongAcknowledgements,
    long ordersPlaced,
    long ordersDone,
    long ordersCut) {
  /** Of nobody. */
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Of several clients. */
  public static Counts of(List<ClientLedger> clients) {
    return clients.stream().map(ClientLedger::counts).reduce(NONE, Counts::plus);
  }

  /** Messages of the feed that never came. */
  public long missing() {
    return missingConnected + missingAway;
  }

  /** Both together. */
  public Counts plus(Counts other) {
    return new Counts(
        received + other.received,
        missingConnected + other.missingConnected,
        missingAway + other.missingAway,
        duplicated + other.duplicated,
        dropped + other.dropped,
        reordered + other.reordered,
        sent + other.sent,
        acknowledged + other.acknowledged,
        unanswered + other.unanswered,
        wrongAcknowledgements + other.wrongAcknowledgements,
        ordersPlaced + other.ordersPlaced,
        ordersDone + other.ordersDone,
        ordersCut + other.ordersCut);
  }
}
