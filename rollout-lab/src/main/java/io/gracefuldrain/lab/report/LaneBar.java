package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a connection's bar. It is as high as its lane, or half as high where two connections
 * overlap: the old one above, the next one below.
 *
 * @param top its upper edge, as a share of the lane's height
 * @param height as a share of the lane's height
 */
record LaneBar(long fromMs, long toMs, double top, double height) {
  /**
   * Returns the parts of the bar of one connection of a client.
   *
   * @param stays in the order in which they began
   * @param endMs the end of connections that go on
   */
  static List<LaneBar> of(List<Stay> stays, int which, long endMs) {
    Stay stay = stays.get(which);
    long from = stay.fromMs();
    long to = end(stay, endMs);
    long whole = from;
    long left = to;
    for (int i = 0; i < which; i++) {
      whole = Math.max(whole, Math.min(to, end(stays.get(i), endMs)));
    }
    for (int i = which + 1; i < stays.size(); i++) {
      left = Math.min(left, Math.max(whole, stays.get(i).fromMs()));
    }
    List<LaneBar> pieces = new ArrayList<>();
    add(pieces, new LaneBar(from, whole, 0.5, 0.5));
    add(pieces, new LaneBar(whole, left, 0, 1));
    add(pieces, new LaneBar(left, to, 0, 0.5));
    return pieces;
  }

  private static long end(Stay stay, long endMs) {
    return stay.toMs() == null ? endMs : stay.toMs();
  }

  private static void add(List<LaneBar> pieces, LaneBar piece) {
    if (piece.toMs > piece.fromMs) {
      pieces.add(piece);
    }
  }
}
