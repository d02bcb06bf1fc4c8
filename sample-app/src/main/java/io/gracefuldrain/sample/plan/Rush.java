package io.gracefuldrain.sample.plan;

import java.time.Duration;

/** The most that has come to a pod in one second, and in five that follow each other. */
final class Rush {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int FIVE = 5;

  // Of the present second and of the four before it, each at its number's remainder.
  private final int[] last = new int[FIVE];
  private long second;
  private int ofFive;
  private int mostOfOne;
  private int mostOfFive;

  /** One more comes; times never go back. */
  void add(long now) {
    long next = now / SECOND;
    for (long gone = Math.max(second + 1, next - FIVE + 1); gone <= next; gone++) {
      int place = (int) (gone % FIVE);
      ofFive -= last[place];
      last[place] = 0;
    }
    second = next;
    ofFive++;
    mostOfOne = Math.max(mostOfOne, ++last[(int) (next % FIVE)]);
    mostOfFive = Math.max(mostOfFive, ofFive);
  }

  int ofOneSecond() {
    return mostOfOne;
  }

  int ofFiveSeconds() {
    return mostOfFive;
  }
}
