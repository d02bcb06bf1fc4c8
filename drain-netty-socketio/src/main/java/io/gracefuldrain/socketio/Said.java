package io.gracefuldrain.socketio;

import io.gracefuldrain.socketio.WirePackets.Parts;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A packet, equal to another one that says the same: the members of a map may come in any order,
 * since two processes write {@code Map.of} in different ones. Only texts of equal length and of the
 * same characters are read as JSON, and each one once. Confined to one thread.
 */
final class Said {
  private record Read(Parts header, @Nullable Object value) {}

  private final WirePacket packet;
  private final int hash;
  private @Nullable Read read;
  private boolean unreadable;

  Said(WirePacket packet) {
    this.packet = packet;
    int sum = 0;
    for (int i = 0; i < packet.text().length(); i++) {
      int c = packet.text().charAt(i) * 0x9E3779B9; // spread, so that few sums are equal
      sum += c ^ (c >>> 15);
    }
    for (byte[] attachment : packet.attachments()) {
      sum = 31 * sum + Arrays.hashCode(attachment);
    }
    this.hash = sum;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof Said other
        && hash == other.hash
        && packet.text().length() == other.packet.text().length()
        && Arrays.deepEquals(packet.attachments().toArray(), other.packet.attachments().toArray())
        && (packet.text().equals(other.packet.text()) || saysTheSame(other));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private boolean saysTheSame(Said other) {
    Read mine = read();
    Read theirs = other.read();
    return mine != null
        && theirs != null
        && mine.header().equals(theirs.header())
        && Objects.equals(mine.value(), theirs.value());
  }

  /** Null if it cannot be read: it is nested too deeply, say. */
  private @Nullable Read read() {
    Read known = read;
    if (known == null && !unreadable) {
      try {
        Parts parts = WirePackets.parts(packet);
        Parts header = new Parts(parts.type(), parts.namespace(), parts.number(), "");
        known = new Read(header, JsonText.read(parts.json()));
        read = known;
      } catch (IllegalArgumentException e) {
        unreadable = true;
      }
    }
    return known;
  }
}
