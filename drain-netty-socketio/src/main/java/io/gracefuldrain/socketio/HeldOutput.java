package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.KeptSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which packets to one client may go, and which wait for the answer to the CONNECT of their
 * namespace. What waits has a bound in bytes and one in time; beyond it all goes out. Guarded by
 * the monitor of its {@link Outbox}.
 */
final class HeldOutput {
  /** The event that tells a client its token. */
  static final String TOKEN = "drain:token";

  /** In all namespaces, each packet with what it takes besides its text. */
  static final int MOST_BYTES = 1_000_000;

  /** How long the seam of what was missed and what is new is looked at. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  /** How long output is held: longer than a recovery takes at most. */
  static final Duration LONGEST_HELD = Duration.ofSeconds(10);

  /** Output of one namespace that waits for its CONNECT to be answered. */
  private static final class Hold {
    private long since = System.nanoTime();
    private final List<WirePacket> packets = new ArrayList<>();
    // Whether it waits on, once the answer is there, until it is released.
    private boolean kept;
    private @Nullable Packet answer;
  }

  private final JsonSupport json;
  private final @Nullable Supplier<String> token;
  private final Consumer<String> refused;
  private final Map<String, Hold> holds = new HashMap<>(4);
  private final Map<String, Seam> seams = new HashMap<>(4);
  private long releasedAt = System.nanoTime() - LONGEST.toNanos();
  private long bytes;

  /**
   * The main namespace is held from now on.
   *
   * @param token what the client is told as its token; null if it has not asked for that
   * @param refused hears of each namespace that has refused the client
   */
  HeldOutput(JsonSupport json, @Nullable Supplier<String> token, Consumer<String> refused) {
    this.json = json;
    this.token = token;
    this.refused = refused;
    holds.put("", new Hold());
  }

  /** Whether nothing waits, and there is nothing to look at in what is sent. */
  boolean idle() {
    return token == null && holds.isEmpty() && seams.isEmpty();
  }

  /** Whether a client has got what it had missed a moment ago. */
  boolean justReleased() {
    return System.nanoTime() - releasedAt < LONGEST.toNanos();
  }

  /**
   * Holds a namespace until it is released, also when the answer is there.
   *
   * @return false if its output has begun to go out
   */
  boolean keep(String namespace) {
    Hold hold = holds.get(namespace);
    if (hold == null && namespace.isEmpty()) {
      return false; // there was too much to hold, or it is joined anew
    }
    if (hold == null) {
      hold = new Hold();
      holds.put(namespace, hold);
    }
    hold.kept = true;
    hold.since = System.nanoTime();
    return true;
  }

  /** Whether it is kept, and the answer to its CONNECT is there: the client was let in. */
  boolean letIn(String namespace) {
    Hold hold = holds.get(namespace);
    return hold != null && hold.kept && hold.answer != null;
  }

  /** Nothing is handed over in a namespace: its output goes out as if nothing had been tried. */
  void giveUp(String namespace, Collection<Packet> to) {
    Hold hold = holds.get(namespace);
    if (hold != null) {
      hold.kept = false;
      if (hold.answer != null || !namespace.isEmpty()) {
        open(namespace, to);
      }
    }
  }

  /**
   * Ends the hold of a namespace: the answer to its CONNECT, what the client has missed, what was
   * held.
   *
   * @param said what the answer says
   * @return the answer; null if the namespace is not held any more, or there is none
   */
  @Nullable Packet release(String namespace, Object said, Missed missed, Collection<Packet> to) {
    Hold hold = holds.get(namespace);
    Packet answer = hold == null ? null : hold.answer;
    if (hold == null || answer == null) {
      return null;
    }
    remove(namespace, hold);
    answer.setData(said);
    to.add(answer);
    tellToken(namespace, true, to);
    missed.packets().forEach(packet -> to.add(written(packet)));
    Seam seam = new Seam(missed);
    seam.join(hold.packets).forEach(packet -> to.add(written(packet)));
    releasedAt = System.nanoTime();
    seams.put(namespace, seam);
    return answer;
  }

  /**
   * What the old pod has said last goes behind what was sent meanwhile.
   *
   * @return what of it was not sent already
   */
  List<Packet> last(String namespace, List<WirePacket> packets) {
    Seam seam = seams.get(namespace);
    List<WirePacket> left = seam == null ? packets : seam.last(packets);
    if (seam != null && !seam.open()) {
      seams.remove(namespace);
    }
    return left.stream().map(HeldOutput::written).toList();
  }

  /** Ends all holds: the answers that are there, and what was held, may go. */
  void open(Collection<Packet> to) {
    List.copyOf(holds.keySet()).forEach(namespace -> open(namespace, to));
  }

  private void open(String namespace, Collection<Packet> to) {
    Hold hold = holds.get(namespace);
    if (hold != null) {
      remove(namespace, hold);
      if (hold.answer != null) {
        to.add(hold.answer);
        tellToken(namespace, false, to);
      }
      hold.packets.forEach(packet -> to.add(written(packet)));
    }
  }

  private void remove(String namespace, Hold hold) {
    holds.remove(namespace);
    bytes -= hold.packets.stream().mapToLong(HeldOutput::size).sum();
  }

  // ---------------------------------------------------------------- what is sent

  /** Ends what has lasted too long. */
  void expire(Collection<Packet> to) {
    long now = System.nanoTime();
    for (Map.Entry<String, Hold> each : List.copyOf(holds.entrySet())) {
      if (now - each.getValue().since > LONGEST_HELD.toNanos()) {
        open(each.getKey(), to);
      }
    }
    if (!seams.isEmpty() && !justReleased()) {
      seams.clear();
    }
  }

  /** Takes a packet that was sent, and whatever else may go because of it. */
  void sort(Packet packet, Collection<Packet> to) {
    String namespace = packet.getNsp();
    Hold hold = packet.getType() == PacketType.MESSAGE ? holds.get(namespace) : null;
    if (WirePackets.carries(packet) && (hold != null || seams.containsKey(namespace))) {
      hold(packet, hold, to);
    } else if (packet.getSubType() == PacketType.CONNECT && hold != null && hold.kept) {
      hold.answer = packet;
    } else if (packet.getSubType() == PacketType.CONNECT && hold != null) {
      hold.answer = packet;
      open(namespace, to);
    } else if (packet.getSubType() == PacketType.CONNECT) {
      to.add(packet);
      tellToken(namespace, false, to);
    } else {
      if (packet.getSubType() == PacketType.DISCONNECT) {
        open(namespace, to);
      } else if (packet.getSubType() == PacketType.ERROR) {
        refused.accept(namespace);
      }
      to.add(packet);
    }
  }

  private void hold(Packet packet, @Nullable Hold hold, Collection<Packet> to) {
    WirePacket wire;
    try {
      wire = WirePackets.of(packet, json);
    } catch (IOException | RuntimeException e) {
      return; // netty-socketio has logged it, and drops such a packet, too
    }
    if (hold == null) {
      Seam seam = seams.get(packet.getNsp());
      if (seam == null || seam.passes(wire)) {
        to.add(written(wire));
      }
      return;
    }
    hold.packets.add(wire);
    bytes += size(wire);
    if (bytes > MOST_BYTES) {
      open(to);
    }
  }

  private static long size(WirePacket packet) {
    return (long) KeptSession.PACKET_BYTES + packet.size();
  }

  private void tellToken(String namespace, boolean recovered, Collection<Packet> to) {
    if (token != null) {
      Packet packet = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
      packet.setSubType(PacketType.EVENT);
      packet.setNsp(namespace);
      packet.setName(TOKEN);
      packet.setData(
          List.of(new Message().with("token", token.get()).with("recovered", recovered)));
      to.add(packet);
    }
  }

  private static Packet written(WirePacket packet) {
    return WirePackets.packet(packet, WirePackets.parts(packet));
  }
}
