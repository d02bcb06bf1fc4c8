package io.gracefuldrain.socketio;

import java.util.List;
import java.util.Map;

/**
 * The record of one client.
 *
 * @param client its name on every pod
 * @param sessions the feed of each of its sessions, by the session's id and namespace
 * @param away the times from each disconnect to the next connect
 * @param uploads how many numbers it has sent, counted from 0
 * @param kept how many were not acknowledged on their first connection
 * @param unacknowledged those that were never acknowledged
 */
record ClientLedger(
    String client,
    Map<String, Feed> sessions,
    List<Away> away,
    int uploads,
    int kept,
    List<Integer> unacknowledged) {

  /**
   * The feed of one session, numbered from 0.
   *
   * @param next the number after the highest that came
   * @param missing how many below it never came, or came late
   * @param behind how many came twice or late
   */
  record Feed(int next, int missing, int behind) {
    static final Feed NOTHING = new Feed(0, 0, 0);
  }

  /** A time without a connection, and the reason that the client was told. */
  record Away(long ms, String reason) {}
}
