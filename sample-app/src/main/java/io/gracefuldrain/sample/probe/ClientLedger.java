package io.gracefuldrain.sample.probe;

import java.util.List;

/**
 * What one client felt.
 *
 * @param client its number in the crowd
 * @param source the address it came from, or empty if it was left to the system
 * @param firstConnectFailures attempts that failed before it was connected for the first time
 * @param received different messages of the feed
 * @param missingConnected numbers skipped between two messages of one connection
 * @param missingAway numbers skipped where the connection changed, counted by when they were due
 * @param duplicated messages that had come before
 * @param reordered messages that came after a later one of the same connection
 * @param sent numbers of its own that it sent, each counted once however often it was sent again
 * @param acknowledged how many of them were acknowledged
 * @param unanswered emits whose connection ended before the acknowledgement; the number was sent
 *     again over the next
 * @param wrongAcknowledgements acknowledgements of what was not sent, second ones, and those that
 *     say something else
 * @param feedLatency from when a message was due to when it was here
 * @param ackLatency from when a number was due to be sent to its acknowledgement, across
 *     connections
 * @param ordersPlaced orders that it placed; those that are neither done nor cut were in flight
 *     when the crowd was stopped, or were answered wrongly
 * @param ordersDone those that were acknowledged as done
 * @param ordersCut those whose connection ended before that
 */
public record ClientLedger(
    int client,
    ClientKind kind,
    String source,
    List<Stay> stays,
    List<Gap> gaps,
    int firstConnectFailures,
    long received,
    long missingConnected,
    long missingAway,
    long duplicated,
    long reordered,
    long sent,
    long acknowledged,
    long unanswered,
    long wrongAcknowledgements,
    Spread feedLatency,
    Spread ackLatency,
    long ordersPlaced,
    long ordersDone,
    long ordersCut) {}
