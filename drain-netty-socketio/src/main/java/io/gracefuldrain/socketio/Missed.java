package io.gracefuldrain.socketio;

import java.util.List;

/**
 * What a client has missed in one namespace.
 *
 * @param packets in order
 * @param overlap how many of these, the last ones, can have come to both pods
 */
record Missed(List<WirePacket> packets, int overlap) {
  /** Nothing. */
  static final Missed NOTHING = new Missed(List.of(), 0);

  Missed {
    packets = List.copyOf(packets);
  }

  /** Those that can have come to both pods. */
  List<WirePacket> overlapping() {
    return packets.subList(packets.size() - overlap, packets.size());
  }
}
