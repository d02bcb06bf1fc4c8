package io.gracefuldrain.lab.lean;

import io.gracefuldrain.lab.ledger.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a lean aware client's application gets of the feed: each number once, and nothing of the
 * next connection before that has taken over. Of the client's event loop.
 */
final class Inbox {
  private static final int HELD_BACK_MOST = 10_000;

  private final Account account;
  private final LongSupplier clock;
  private final Seen seen = new Seen();
  private final List<Long> heldBack = new ArrayList<>();

  Inbox(Account account, LongSupplier clock) {
    this.account = account;
    this.clock = clock;
  }

  /** Gives the application a number; returns whether it had not seen it. */
  boolean deliver(long n) {
    if (!seen.add(n)) {
      account.dropped(1);
      return false;
    }
    account.delivered(n, clock.getAsLong());
    return true;
  }

  /** Keeps a number of the next connection; false if that are too many. */
  boolean holdBack(long n) {
    return heldBack.size() < HELD_BACK_MOST && heldBack.add(n);
  }

  /** Gives the application what was kept; returns how many of it it had seen. */
  long release() {
    long again = heldBack.stream().filter(n -> !deliver(n)).count();
    heldBack.clear();
    return again;
  }

  void forget() {
    heldBack.clear();
  }
}
