package io.gracefuldrain.socketio;

import java.util.List;

/**
 * What became of the clients of one kind.
 *
 * @param kind the kind
 * @param count how many there were
 * @param returned how many came to the other pod
 * @param disconnects how often they lost a connection, in total
 * @param owed numbers sent to them on connections that have ended
 * @param missing numbers that did not come, from either pod
 * @param repeatedOrLate numbers that came twice or out of order
 * @param uploaded numbers that they sent
 * @param uploadsKept not acknowledged on their first connection, and so sent again
 * @param uploadsLost acknowledged but unknown to the application, or never acknowledged
 * @param uploadsRepeated dispatched twice: the acknowledgement of the first was lost
 * @param away the milliseconds from each disconnect to the next connect, sorted
 */
record KindResult(
    ClientKind kind,
    int count,
    int returned,
    int disconnects,
    int owed,
    int missing,
    int repeatedOrLate,
    int uploaded,
    int uploadsKept,
    int uploadsLost,
    int uploadsRepeated,
    List<Long> away) {

  static KindResult of(
      ClientKind kind,
      List<ClientLedger> ledgers,
      List<FeedSession> ended,
      FeedServer host,
      TestUploads uploads) {
    int returned = 0;
    int missing = 0;
    int behind = 0;
    int owed = 0;
    int lost = 0;
    int repeated = 0;
    for (ClientLedger ledger : ledgers) {
      if (host.hasSeen(ledger.client())) {
        returned++;
      }
      for (ClientLedger.Feed feed : ledger.sessions().values()) {
        missing += feed.missing();
        behind += feed.behind();
      }
      for (FeedSession session : ended) {
        if (session.name().equals(ledger.client())) {
          owed += session.owed();
          int got = ledger.sessions().getOrDefault(session.id(), ClientLedger.Feed.NOTHING).next();
          missing += Math.max(0, session.owed() - got);
        }
      }
      repeated += uploads.repeated(ledger.client());
      lost += ledger.unacknowledged().size();
      for (int number = 0; number < ledger.uploads(); number++) {
        if (!ledger.unacknowledged().contains(number) && !uploads.has(ledger.client(), number)) {
          lost++;
        }
      }
    }
    List<Long> away =
        ledgers.stream()
            .flatMap(ledger -> ledger.away().stream())
            .map(ClientLedger.Away::ms)
            .sorted()
            .toList();
    return new KindResult(
        kind,
        ledgers.size(),
        returned,
        away.size(),
        owed,
        missing,
        behind,
        ledgers.stream().mapToInt(ClientLedger::uploads).sum(),
        ledgers.stream().mapToInt(ClientLedger::kept).sum(),
        lost,
        repeated,
        away);
  }
}
