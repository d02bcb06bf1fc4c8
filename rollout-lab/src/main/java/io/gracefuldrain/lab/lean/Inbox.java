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

  private final Account account;
  private final LongSupplier clock;
  private final Seen seen = new Seen();
  private final List<Long> heldBack = new ArrayList<>();

  Inbox(Account account, LongSupplier clock) {
    this.account = account;
    this.clock = clock;
  }

  /** Gives the application a number; returns whether that is new to it. */
  boolean deliver(long n) {
    if (!seen.add(n)) {
      account.dropped(1);
      return false;
    }
    account.delivered(n, clock.getAsLong());
    return true;
  }

  /** Keeps a number of the next connection; false if there are too many. */
  boolean holdBack(long n) {
    return heldBack.size() < HELD_MOST && heldBack.add(n);
  }

  /** Gives the application the numbers that were kept; returns how many of them it had seen. */
  long release() {
    long again = heldBack.stream().filter(n -> !deliver(n)).count();
    heldBack.clear();
    return again;
  }

  void forget() {
    heldBack.clear();
  }
}
