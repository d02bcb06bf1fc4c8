package io.gracefuldrain.lab.lean;

import io.gracefuldrain.lab.ledger.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The feed as the application of a lean aware client sees it: each number once, and nothing from
 * the next connection until it has taken over. Used on the client's event loop only.
 */
final class Inbox {
  static final int HELD_MOST = 10_000;

  private record HeldBack(long n, Connection over) {}

  private final Account account;
  private final LongSupplier clock;
  private final Seen seen = new Seen();
  private final List<HeldBack> heldBack = new ArrayList<>();

  Inbox(Account account, LongSupplier clock) {
    this.account = account;
    this.clock = clock;
  }

  /** Gives the application a number, unless it is a copy; returns whether it is none. */
  boolean deliver(long n, Connection over) {
    if (!seen.add(n, over)) {
      account.dropped(1);
      return false;
    }
    account.delivered(n, clock.getAsLong());
    return true;
  }

  /** Keeps a number of the next connection; false if there are too many. */
  boolean holdBack(long n, Connection over) {
    return heldBack.size() < HELD_MOST && heldBack.add(new HeldBack(n, over));
  }

  /** Gives the application the numbers that were kept; returns how many were copies. */
  long release() {
    long again = heldBack.stream().filter(each -> !deliver(each.n(), each.over())).count();
    heldBack.clear();
    return again;
  }

  void forget() {
    heldBack.clear();
  }

  /** The client has come back as a stock one does. */
  void beginAnew() {
    seen.clear();
  }
}
