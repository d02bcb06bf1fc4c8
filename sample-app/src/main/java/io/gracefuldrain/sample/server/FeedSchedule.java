package io.gracefuldrain.sample.server;

/**
 * The numbers of a feed: message n is due n intervals after the epoch, on whichever pod a client
 * is. So the numbers go on across pods with nothing handed over, and what is missing between two of
 * them is what was said while the client was away.
 *
 * @param everyMs the interval, in milliseconds
 */
record FeedSchedule(int everyMs) {
  /**
   * How many numbers may be sent at once to make up for a stall. Long-polling drops what exceeds 50
   * in one answer, so that more would be lost without a word.
   */
  static final int BURST = 40;

  /** The last number that is due at a time. */
  long numberAt(long nowMs) {
    return Math.floorDiv(nowMs, everyMs);
  }

  long dueAt(long n) {
    return n * everyMs;
  }

  /** The first number to send after one that was sent; later than the next if that was long ago. */
  long resumeAfter(long sent, long nowMs) {
    return Math.max(sent + 1, numberAt(nowMs) - BURST + 1);
  }

  long waitFor(long n, long nowMs) {
    return Math.max(0, dueAt(n) - nowMs);
  }
}
