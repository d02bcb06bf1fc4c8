package io.gracefuldrain.lab.lean;

import io.gracefuldrain.lab.ledger.Account;
import io.netty.channel.EventLoop;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The parts that all moves of one lean client share.
 *
 * @param random numbers from 0 to less than 1
 * @param clock milliseconds since the epoch
 */
record LeanParts(
    LeanClient client,
    EventLoop loop,
    DoubleSupplier random,
    Account account,
    LongSupplier clock,
    Inbox inbox,
    Outbox outbox) {
  long nowMs() {
    return clock.getAsLong();
  }

  Timers timers() {
    return new Timers(loop);
  }
}
