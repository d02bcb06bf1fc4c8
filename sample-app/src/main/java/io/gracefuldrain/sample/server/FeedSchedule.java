package io.gracefuldrain.sample.server;

/**
 * The numbers of a feed: message n is due n intervals after the epoch, on every pod. So the numbers
 * continue across pods with nothing handed over, and a gap between two numbers is the count of
 * messages sent while the client was away.
 *
 * @param everyMs the interval, in milliseconds
 */
record FeedSchedule(int everyMs) {
  /**
   * How many numbers may be sent at once to make up for a stall. Long-polling silently drops what
   * exceeds 50 in one answer.
   */
  static final int BURST = 40;

  /** The last number that is due at a time. */
  long numberAt(long nowMs) {
    return Math.floorDiv(nowMs, everyMs);
  }

  long dueAt(long n) {
    return n * everyMs;
  }

  /**
   * The first number to send after {@code sent}: the next one, or a later one after a long stall.
   */
  long resumeAfter(long sent, long nowMs) {
    return Math.max(sent + 1, numberAt(nowMs) - BURST + 1);
  }

  long waitFor(long n, long nowMs) {
    return Math.max(0, dueAt(n) - nowMs);
  }
}
