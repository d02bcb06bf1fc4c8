package io.gracefuldrain.socketio;

import io.gracefuldrain.MessageIds;
import io.gracefuldrain.socketio.WirePackets.Parts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The place where what a client has missed at its old pod meets what its new pod has held for it.
 * For a moment both pods send it the same messages, so some are there twice. Those with an id are
 * known by it; of the others, the longest run that ends the one list and begins the other.
 */
final class Seam {
  private static final String PROPERTY = '"' + MessageIds.PROPERTY + '"';

  /** How often each message with an id has come from the old pod, and not yet from this one. */
  private final Map<String, Integer> fromOldPod = new HashMap<>();

  private final List<WirePacket> missed;

  /** Before anything of this pod. */
  Seam(List<WirePacket> missed) {
    this.missed = missed;
    for (WirePacket packet : missed) {
      String key = key(packet);
      if (key != null) {
        fromOldPod.merge(key, 1, Integer::sum);
      }
    }
  }

  /** What is left of what was held when the doubles are taken out, in order. */
  List<WirePacket> join(List<WirePacket> held) {
    List<WirePacket> missedWithoutId = new ArrayList<>();
    for (WirePacket packet : missed) {
      if (key(packet) == null) {
        missedWithoutId.add(packet);
      }
    }
    List<WirePacket> heldWithoutId = new ArrayList<>();
    for (WirePacket packet : held) {
      if (key(packet) == null) {
        heldWithoutId.add(packet);
      }
    }
    int run = run(missedWithoutId, heldWithoutId);
    List<WirePacket> left = new ArrayList<>();
    for (WirePacket packet : held) {
      if (key(packet) == null ? run-- <= 0 : !isDouble(packet)) {
        left.add(packet);
      }
    }
    return left;
  }

  /** Whether any message from the old pod can still come from this one. */
  boolean open() {
    return !fromOldPod.isEmpty();
  }

  /** Whether a message has come from the old pod; it then counts as come from both. */
  boolean isDouble(WirePacket packet) {
    String key = key(packet);
    Integer left = key == null ? null : fromOldPod.get(key);
    if (key == null || left == null) {
      return false;
    }
    if (left > 1) {
      fromOldPod.put(key, left - 1);
    } else {
      fromOldPod.remove(key);
    }
    return true;
  }

  /** How many packets at the end of one list are those at the start of another. */
  static int run(List<WirePacket> ends, List<WirePacket> begins) {
    int[] back =
        new int[begins.size() + 1]; // the same of each start of the second list, and itself
    int matched = 0;
    for (int i = 1; i < begins.size(); i++) {
      while (matched > 0 && !same(begins.get(i), begins.get(matched))) {
        matched = back[matched];
      }
      matched += same(begins.get(i), begins.get(matched)) ? 1 : 0;
      back[i + 1] = matched;
    }
    matched = 0;
    for (WirePacket packet : ends) {
      if (matched == begins.size()) {
        matched = back[matched];
      }
      while (matched > 0 && !same(packet, begins.get(matched))) {
        matched = back[matched];
      }
      matched += !begins.isEmpty() && same(packet, begins.get(matched)) ? 1 : 0;
    }
    return matched;
  }

  private static boolean same(WirePacket one, WirePacket other) {
    return one.text().equals(other.text())
        && one.attachments().size() == other.attachments().size()
        && Arrays.deepEquals(one.attachments().toArray(), other.attachments().toArray());
  }

  /** The event's name and id, in its namespace; null if it has none. */
  static @Nullable String key(WirePacket packet) {
    if (!packet.text().contains(PROPERTY)) {
      return null;
    }
    try {
      Parts parts = WirePackets.parts(packet);
      if (parts.event() && JsonText.read(parts.json()) instanceof List<?> values) {
        for (Object argument : values.subList(1, values.size())) {
          if (argument instanceof Map<?, ?> fields && !fields.containsKey("_placeholder")) {
            Object id = fields.get(MessageIds.PROPERTY);
            return id instanceof String || id instanceof Double
                ? parts.namespace() + ' ' + values.get(0) + ' ' + id
                : null;
          }
        }
      }
      return null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null; // nested too deeply, say
    }
  }
}
