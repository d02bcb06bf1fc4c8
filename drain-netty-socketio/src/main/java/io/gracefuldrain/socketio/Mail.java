package io.gracefuldrain.socketio;

import java.util.List;

/**
 * What a session has missed.
 *
 * @param missed what was sent to the client after the seal, in order
 * @param upstream what the client has sent after the seal, in order; nothing that asks for an
 *     acknowledgement
 */
record Mail(List<WirePacket> missed, List<WirePacket> upstream) {
  Mail {
    missed = List.copyOf(missed);
    upstream = List.copyOf(upstream);
  }
}
