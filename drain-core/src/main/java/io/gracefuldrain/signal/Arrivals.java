package io.gracefuldrain.signal;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What each signal means, given those that came before it. Guarded by its owner. */
final class Arrivals {
  /**
   * How long after the first SIGINT another one forces. One Ctrl-C may arrive twice, from the
   * terminal and again from a parent that forwards it.
   */
  static final long FORCE_AFTER = 1_000_000_000L;

  /** What a signal changes. */
  enum Meaning {
    /** The process begins to end. */
    BEGINS,
    /** The first of its kind while the process ends: one more reason for the same drain. */
    JOINS,
    /** Changes nothing, and is worth a line. */
    REPEATS,
    /** Changes nothing, as a line has said before. */
    REPEATS_AGAIN,
    /** The drain is to end at once. */
    FORCES
  }

  private final Map<ExitSignal, Long> first = new EnumMap<>(ExitSignal.class);
  private final Set<ExitSignal> told = EnumSet.noneOf(ExitSignal.class);
  private boolean forced;

  /** Notes a signal that arrived at a time in nanoseconds. */
  Meaning arrived(ExitSignal signal, long now) {
    boolean begins = first.isEmpty();
    Long since = first.putIfAbsent(signal, now);
    if (since == null) {
      return begins ? Meaning.BEGINS : Meaning.JOINS;
    }
    if (signal == ExitSignal.SIGINT && !forced && now - since >= FORCE_AFTER) {
      forced = true;
      return Meaning.FORCES;
    }
    return told.add(signal) ? Meaning.REPEATS : Meaning.REPEATS_AGAIN;
  }
}
