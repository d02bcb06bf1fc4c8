package io.gracefuldrain.socketio;

import io.gracefuldrain.MessageIds;
import io.gracefuldrain.socketio.WirePackets.Parts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place where what a client has missed at its old pod meets what its new pod has held for it.
 * While the one asks the other, both send it the same messages, so some are there twice. Those with
 * an id are known by it. The others have no more than what they say and where they stand: they are
 * doubles if a run of them ends the one list and begins the other, if the old pod had them after it
 * was asked, and if one of the run comes only once in each list. Whatever may be two messages that
 * say the same in one pod is left twice: a double is seen, and a lost message is not. What the old
 * pod says at its end comes behind, without what this one has said since.
 */
final class Seam {
  private static final String PROPERTY = '"' + MessageIds.PROPERTY + '"';

  /** How many bytes of what was sent are remembered until the old pod has said its last. */
  private static final int MOST_BYTES = 1_000_000;

  /** What names a message with an id. */
  record Key(String namespace, Object event, Object id) {}

  /** How often each message with an id has come from the old pod, and not yet from this one. */
  private final Map<Key, Integer> fromOldPod = new HashMap<>();

  // What this pod has sent and the old one has not, by its id or by what it says. Only until the
  // old pod has said its last: then there is none.
  private @Nullable Map<Object, Integer> fromHere = new HashMap<>();
  private long bytes;

  private final Missed missed;

  /** Before anything of this pod. */
  Seam(Missed missed) {
    this.missed = missed;
    for (WirePacket packet : missed.packets()) {
      expect(packet);
    }
  }

  private void expect(WirePacket packet) {
    Key key = key(packet);
    if (key != null) {
      fromOldPod.merge(key, 1, Integer::sum);
    }
  }

  /**
   * What is left of what was held when the doubles are taken out, in order. Of what has an id, each
   * is left once: the application may have said the last moments again.
   */
  List<WirePacket> join(List<WirePacket> held) {
    int doubles = doubles(withoutId(missed.overlapping()), withoutId(held));
    Set<Key> ids = new HashSet<>();
    List<WirePacket> left = new ArrayList<>();
    for (WirePacket packet : held) {
      Key key = key(packet);
      boolean fromBoth = key == null ? doubles-- > 0 : isDouble(packet);
      boolean again = key != null && !ids.add(key);
      if (!fromBoth && !again) {
        left.add(packet);
        remember(packet);
      }
    }
    return left;
  }

  private void remember(WirePacket packet) {
    Map<Object, Integer> known = fromHere;
    bytes += packet.size();
    if (known != null && bytes <= MOST_BYTES) {
      known.merge(name(packet), 1, Integer::sum);
    }
  }

  private static Object name(WirePacket packet) {
    Key key = key(packet);
    return key == null ? new Said(packet) : key;
  }

  /** Whether a message of this pod is to go out: it has not come from the old one. */
  boolean passes(WirePacket packet) {
    if (isDouble(packet)) {
      return false;
    }
    remember(packet);
    return true;
  }

  /**
   * What is left of what the old pod has said last, without what this one has sent meanwhile. It
   * says nothing more.
   */
  List<WirePacket> last(List<WirePacket> packets) {
    Map<Object, Integer> known = fromHere == null ? Map.of() : fromHere;
    fromHere = null;
    List<WirePacket> left = new ArrayList<>();
    for (WirePacket packet : packets) {
      Object name = name(packet);
      int times = known.getOrDefault(name, 0);
      if (times > 0) {
        known.put(name, times - 1);
      } else {
        expect(packet);
        left.add(packet);
      }
    }
    return left;
  }

  private static List<Said> withoutId(List<WirePacket> packets) {
    return packets.stream().filter(packet -> key(packet) == null).map(Said::new).toList();
  }

  /** How many at the start of the second list are the end of the first one, beyond doubt. */
  private static int doubles(List<Said> ends, List<Said> begins) {
    int run = run(ends, begins);
    Map<Said, Integer> times = new HashMap<>();
    ends.forEach(said -> times.merge(said, 1, Integer::sum));
    begins.forEach(said -> times.merge(said, 1, Integer::sum));
    boolean certain =
        begins.subList(0, run).stream().anyMatch(said -> times.getOrDefault(said, 0) == 2);
    return certain ? run : 0;
  }

  /** Whether there is anything to look at in what is sent. */
  boolean open() {
    return fromHere != null || !fromOldPod.isEmpty();
  }

  /** Whether a message has come from the old pod; it then counts as come from both. */
  boolean isDouble(WirePacket packet) {
    Key key = key(packet);
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

  /** How many at the end of one list are those at the start of another. */
  static int run(List<?> ends, List<?> begins) {
    int[] back =
        new int[begins.size() + 1]; // the same of each start of the second list, and itself
    int matched = 0;
    for (int i = 1; i < begins.size(); i++) {
      while (matched > 0 && !begins.get(i).equals(begins.get(matched))) {
        matched = back[matched];
      }
      matched += begins.get(i).equals(begins.get(matched)) ? 1 : 0;
      back[i + 1] = matched;
    }
    matched = 0;
    for (Object said : ends) {
      if (matched == begins.size()) {
        matched = back[matched];
      }
      while (matched > 0 && !said.equals(begins.get(matched))) {
        matched = back[matched];
      }
      matched += !begins.isEmpty() && said.equals(begins.get(matched)) ? 1 : 0;
    }
    return matched;
  }

  /** The event's name and id, in its namespace; null if it has none. */
  static @Nullable Key key(WirePacket packet) {
    if (!packet.text().contains(PROPERTY)) {
      return null;
    }
    try {
      Parts parts = WirePackets.parts(packet);
      if (parts.event() && JsonText.read(parts.json()) instanceof List<?> values) {
        for (Object argument : values.subList(1, values.size())) {
          if (argument instanceof Map<?, ?> fields && !fields.containsKey("_placeholder")) {
            Object id = fields.get(MessageIds.PROPERTY);
            return id instanceof String || id instanceof Double || id instanceof JsonText.Digits
                ? new Key(parts.namespace(), values.get(0), id)
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
