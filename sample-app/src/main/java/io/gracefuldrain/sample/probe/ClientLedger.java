package io.gracefuldrain.sample.probe;

import java.util.List;

/**
 * What one client felt.
 *
 * @param client its number in the crowd
 * @param source the address it came from, or empty if it was left to the system
 * @param firstConnectFailures attempts that failed before it was connected for the first time
 * @param feedLatency from when a message was due to when it was here
 * @param ackLatency from when a number was due to be sent to its acknowledgement, across
 *     connections
 */
public record ClientLedger(
    int client,
    ClientKind kind,
    String source,
    List<Stay> stays,
    List<Gap> gaps,
    int firstConnectFailures,
    Counts counts,
    Spread feedLatency,
    Spread ackLatency) {

  /** The same under another number and from another address. */
  public ClientLedger as(int number, String from) {
    return new ClientLedger(
        number, kind, from, stays, gaps, firstConnectFailures, counts, feedLatency, ackLatency);
  }
}
