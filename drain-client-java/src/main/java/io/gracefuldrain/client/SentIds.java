package io.gracefuldrain.client;

import io.socket.parser.IOParser;
import io.socket.parser.Packet;
import io.socket.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Notes which id the stock client gives to an event that wants an answer. On the event thread. */
@SuppressWarnings("rawtypes") // as the stock client has it
final class SentIds implements Parser.Encoder {
  static final int NONE = -1;

  private final Parser.Encoder encoder;
  private int last = NONE;

  SentIds(Parser.@Nullable Encoder encoder) {
    this.encoder = encoder == null ? new IOParser.Encoder() : encoder;
  }

  @Override
  public void encode(Packet packet, Callback callback) {
    if (packet.type == Parser.EVENT || packet.type == Parser.BINARY_EVENT) {
      last = packet.id;
    }
    encoder.encode(packet, callback);
  }

  /** Forgets what was sent so far. */
  void begin() {
    last = NONE;
  }

  /** The id of the latest event since then; {@link #NONE} without. */
  int last() {
    return last;
  }
}
