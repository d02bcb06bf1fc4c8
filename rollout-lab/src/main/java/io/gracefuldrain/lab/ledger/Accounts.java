package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * The accounts of all clients of a crowd. They are opened by one thread; after that it is
 * thread-safe.
 */
public final class Accounts {
  private final Intervals intervals;
  private final PeerGroups peers;
  private final List<Account> accounts = new ArrayList<>();

  /**
   * How often each client gets or sends something, in milliseconds.
   *
   * @param feedMs between two messages of the feed
   * @param upMs between two of the client's own numbers
   * @param orderMs between two of its orders; 0 for no orders
   */
  public record Intervals(int feedMs, int upMs, int orderMs) {}

  /**
   * The figures of all clients.
   *
   * @param totals one for each kind, in the order of {@link ClientKind}
   */
  public record Closed(List<CrowdReport.Totals> totals, List<ClientLedger> clients) {}

  /**
   * @param seed the seed that draws the messages for comparisons
   */
  public Accounts(Intervals intervals, long seed) {
    this.intervals = intervals;
    this.peers = new PeerGroups(seed);
  }

  /**
   * Opens the account of another client.
   *
   * @param source the client's own address, or empty if the system chooses
   * @param slotMs when its first number is due; later ones at whole intervals from then
   * @param orderMs when its first order is due; later ones at whole intervals from then
   */
  public Account open(ClientKind kind, String source, long slotMs, long orderMs) {
    int number = accounts.size();
    Account account =
        new Account(
            number,
            kind,
            source,
            intervals.feedMs(),
            new Uploads(slotMs, intervals.upMs()),
            new OrderBook(number, orderMs, intervals.orderMs()),
            peers.of(kind));
    accounts.add(account);
    return account;
  }

  /** How the clients are doing now. */
  public Progress progress() {
    List<Account.Glance> all = accounts.stream().map(Account::glance).toList();
    int connected = (int) all.stream().filter(Account.Glance::connected).count();
    int pending = (int) all.stream().filter(each -> each.stays() == 0).count();
    return new Progress(
        all.size(),
        connected,
        pending,
        all.size() - connected - pending,
        sum(all, Account.Glance::gaps),
        sum(all, Account.Glance::failedConnects),
        (int) all.stream().filter(each -> each.failedConnects() > 0).count(),
        feed(all, Streams.FeedFigures::received),
        feed(all, Streams.FeedFigures::missingConnected),
        feed(all, Streams.FeedFigures::missingAway),
        (int) all.stream().filter(Account.Glance::named).count());
  }

  private static int sum(List<Account.Glance> all, ToIntFunction<Account.Glance> figure) {
    return all.stream().mapToInt(figure).sum();
  }

  private static long feed(List<Account.Glance> all, ToLongFunction<Streams.FeedFigures> figure) {
    return all.stream().map(Account.Glance::feed).mapToLong(figure).sum();
  }

  /** Nothing new is sent from now on. Numbers already sent may still be acknowledged. */
  public void endSending(long nowMs) {
    accounts.forEach(each -> each.endSending(nowMs));
  }

  /** Whether any acknowledgement of a number may still come. */
  public boolean owed() {
    return accounts.stream().anyMatch(Account::owed);
  }

  /** Closes them all. To be called once; nothing counts after it. */
  public Closed close(long nowMs) {
    peers.settle();
    List<Account.Closing> closed = accounts.stream().map(each -> each.close(nowMs)).toList();
    List<ClientLedger> ledgers = closed.stream().map(Account.Closing::ledger).toList();
    return new Closed(
        Arrays.stream(ClientKind.values())
            .filter(kind -> ledgers.stream().anyMatch(each -> each.kind() == kind))
            .map(kind -> Totals.of(kind, closed))
            .toList(),
        ledgers);
  }
}
