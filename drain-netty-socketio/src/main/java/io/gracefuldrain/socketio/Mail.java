package io.gracefuldrain.socketio;

import java.util.List;

/**
 * What a session has missed.
 *
 * @param missed what was sent to the client after the seal, in order
 * @param overlap how many of these, the last ones, came after the next pod had asked for the
 *     session: only they can have come to both pods
 * @param upstream what the client has sent after the seal, in order; nothing that asks for an
 *     acknowledgement
 */
record Mail(List<WirePacket> missed, int overlap, List<WirePacket> upstream) {
  Mail {
    missed = List.copyOf(missed);
    upstream = List.copyOf(upstream);
  }

  /** All of it came before anybody had asked. */
  Mail(List<WirePacket> missed, List<WirePacket> upstream) {
    this(missed, 0, upstream);
  }

  boolean isEmpty() {
    return missed.isEmpty() && upstream.isEmpty();
  }

  /** Those that can have come to both pods. */
  List<WirePacket> overlapping() {
    return missed.subList(missed.size() - overlap, missed.size());
  }
}
