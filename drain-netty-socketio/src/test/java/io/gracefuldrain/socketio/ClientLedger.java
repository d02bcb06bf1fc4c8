package io.gracefuldrain.socketio;

import java.util.List;
import java.util.Map;

/**
 * What one client has seen.
 *
 * @param client the name it goes by on every pod
 * @param sessions the feed of each of its sessions, by the session's id and namespace
 * @param away from each disconnect to the connect that followed it
 * @param uploads how many numbers it has sent, 0 and up
 * @param kept how many were not acknowledged on the connection they were sent on
 * @param unacknowledged those that nobody acknowledged in the end
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
   * @param behind how many came again, or late
   */
  record Feed(int next, int missing, int behind) {
    static final Feed NOTHING = new Feed(0, 0, 0);
  }

  /** A time without a connection, and what the client was told it was for. */
  record Away(long ms, String reason) {}
}
