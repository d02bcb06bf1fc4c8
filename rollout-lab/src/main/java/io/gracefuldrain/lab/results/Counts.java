package io.gracefuldrain.lab.results;

import java.util.List;

/**
 * How the streams of a client, or of several, fared.
 *
 * @param received messages of the feed, each counted once
 * @param missingConnected numbers skipped between two messages of one connection
 * @param missingAway numbers skipped where the connection changed
 * @param duplicated messages that the application saw again
 * @param dropped messages that came again and that an aware client dropped, so the application did
 *     not see them
 * @param reordered messages that came after a later one of the same connection
 * @param sent the client's own numbers, each counted once even if it was sent again
 * @param acknowledged numbers that were acknowledged
 * @param unanswered emits whose connection ended before the acknowledgement; the number was sent
 *     again over the next connection
 * @param wrongAcknowledgements acknowledgements of numbers or orders that were not sent, second
 *     ones, and those that name another one
 * @param ordersPlaced orders that the client placed. Orders neither done nor cut were in flight
 *     when the crowd was stopped, or were answered wrongly
 * @param ordersDone orders that were acknowledged as done
 * @param ordersCut orders whose connection ended before that
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
  /** The counts of no client. */
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** The sum over several clients. */
  public static Counts of(List<ClientLedger> clients) {
    return clients.stream().map(ClientLedger::counts).reduce(NONE, Counts::plus);
  }

  /** Messages of the feed that never came. */
  public long missing() {
    return missingConnected + missingAway;
  }

  /** The sum of both. */
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
