package io.gracefuldrain.sample.plan;

import java.util.Arrays;

/** How many things happened in each stretch of time of the same length. */
final class Curve {
  private final long width;
  private int[] counts = new int[64];
  private int length;

  /**
   * @param width of a stretch, in nanoseconds
   */
  Curve(long width) {
    this.width = width;
  }

  void add(long now) {
    int index = Math.toIntExact(now / width);
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(index + 1, counts.length * 2));
    }
    counts[index]++;
    length = Math.max(length, index + 1);
  }

  /** The most in one of them. */
  int most() {
    return Arrays.stream(counts).max().orElse(0);
  }

  /** All stretches up to the last one in which something happened. */
  int[] counts() {
    return Arrays.copyOf(counts, length);
  }
}
