package io.gracefuldrain.socketio;

import java.util.List;

/**
 * What became of the clients of one kind.
 *
 * @param kind the kind
 * @param count how many there were
 * @param returned how many came to the other pod
 * @param disconnects how often they lost a connection, all together
 * @param owed numbers that pod A had sent to them
 * @param missing of these, how many did not come, on either pod
 * @param repeatedOrLate numbers that came twice or out of order
 * @param uploaded numbers that they sent
 * @param uploadsLost acknowledged and unknown to the application, or not acknowledged to the end
 * @param uploadsRepeated dispatched twice: the acknowledgement of the first was lost
 * @param awayP50 half of them were back after so many milliseconds
 * @param awayMax all were
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
    int uploadsLost,
    int uploadsRepeated,
    long awayP50,
    long awayMax) {

  static KindResult of(
      ClientKind kind,
      List<ClientLedger> ledgers,
      FeedServer podA,
      FeedServer podB,
      Uploads uploads) {
    int returned = 0;
    int missing = 0;
    int behind = 0;
    int owed = 0;
    int lost = 0;
    int repeated = 0;
    for (ClientLedger ledger : ledgers) {
      if (podB.hasSeen(ledger.client())) {
        returned++;
      }
      for (ClientLedger.Feed feed : ledger.sessions().values()) {
        missing += feed.missing();
        behind += feed.behind();
      }
      for (FeedSession session : podA.sessions()) {
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
        lost,
        repeated,
        away.isEmpty() ? 0 : away.get(away.size() / 2),
        away.isEmpty() ? 0 : away.get(away.size() - 1));
  }
}
