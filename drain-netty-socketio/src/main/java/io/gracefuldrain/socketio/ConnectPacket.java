package io.gracefuldrain.socketio;

import io.gracefuldrain.handover.HandOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client's request to join a namespace: {@code 40}, {@code 40{...}}, {@code 40/name,{...}}. A
 * stock client that was given a {@code pid} adds two members to what its application says: the
 * {@code pid}, and as {@code offset} the last argument of the last event that it got, if that is a
 * text. The application here sees neither of them, but it sees its own members of these names.
 * netty-socketio would fail at some texts: it looks for its header up to the first bracket.
 *
 * @param text the packet as it came
 * @param path the namespace as it came, with its query; empty for the main one
 * @param auth the members of what the client says of itself, each as JSON; null if that cannot be
 *     read
 */
record ConnectPacket(String text, String path, @Nullable Map<String, String> auth) {
  private static final byte SEPARATOR = 0x1e;
  private static final String PID = "pid";
  private static final String OFFSET = "offset";

  /** A packet that begins with {@code 40}. */
  static ConnectPacket of(String text) {
    int from = 2;
    String path = "";
    if (text.startsWith("/", from)) {
      int comma = text.indexOf(',', from);
      path = text.substring(from, comma < 0 ? text.length() : comma);
      from = comma < 0 ? text.length() : comma + 1;
    }
    String auth = text.substring(from);
    try {
      return new ConnectPacket(text, path, auth.isBlank() ? Map.of() : JsonText.members(auth));
    } catch (IllegalArgumentException e) {
      return new ConnectPacket(text, path, null);
    }
  }

  /** Whether any of these packets is a CONNECT. */
  static boolean any(ByteBuf packets) {
    int end = packets.writerIndex();
    for (int at = packets.readerIndex(); at + 1 < end; at = next(packets, at)) {
      if (packets.getByte(at) == '4' && packets.getByte(at + 1) == '0') {
        return true;
      }
    }
    return false;
  }

  private static int next(ByteBuf packets, int at) {
    int separator = packets.indexOf(at, packets.writerIndex(), SEPARATOR);
    return separator < 0 ? packets.writerIndex() : separator + 1;
  }

  /** The packets, each as a {@code ConnectPacket} or as its bytes. */
  static List<Object> split(ByteBuf packets) {
    List<Object> split = new ArrayList<>();
    int end = packets.writerIndex();
    int next;
    for (int at = packets.readerIndex(); at < end; at = next) {
      next = next(packets, at);
      int stop = packets.getByte(next - 1) == SEPARATOR ? next - 1 : next;
      if (stop - at >= 2 && packets.getByte(at) == '4' && packets.getByte(at + 1) == '0') {
        split.add(of(packets.toString(at, stop - at, StandardCharsets.UTF_8)));
      } else if (stop > at) {
        split.add(ByteBufUtil.getBytes(packets, at, stop - at));
      }
    }
    return split;
  }

  /** What a {@link #split} gave, as one. */
  static ByteBuf joined(List<Object> packets) {
    ByteBuf joined = Unpooled.buffer();
    for (Object packet : packets) {
      if (joined.isReadable()) {
        joined.writeByte(SEPARATOR);
      }
      if (packet instanceof ConnectPacket connect) {
        joined.writeBytes(connect.clean());
      } else {
        joined.writeBytes((byte[]) packet);
      }
    }
    return joined;
  }

  /** The namespace, as netty-socketio has it: empty for the main one. */
  String namespace() {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /** What the client has as its {@code pid}, or null. */
  @Nullable String pid() {
    return member(PID);
  }

  /** What may name a session to take over: the text that came last, and the {@code pid}. */
  List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    for (String name : List.of(OFFSET, PID)) {
      String token = member(name);
      if (token != null && !tokens.contains(token)) {
        tokens.add(token);
      }
    }
    return tokens;
  }

  private @Nullable String member(String name) {
    String json = auth == null ? null : auth.get(name);
    return json != null && json.startsWith("\"") ? (String) JsonText.read(json) : null;
  }

  /**
   * Whether it says more than the application's client has made it say: a {@code pid} of ours, by
   * whatever key. A {@code pid} of the application's own replaces that, and so it has no such.
   */
  boolean saysMore() {
    String pid = pid();
    return pid != null && pid.startsWith(HandOver.PREFIX);
  }

  /** What the application's client says of itself, as JSON; null if it says nothing. */
  @Nullable String ownAuth() {
    if (auth == null || auth.isEmpty()) {
      return null;
    }
    Map<String, String> own = new LinkedHashMap<>(auth);
    if (saysMore()) {
      own.remove(PID);
      if (member(OFFSET) != null) { // the library's is a text; one of another kind replaces it
        own.remove(OFFSET);
      }
    }
    return own.isEmpty() ? null : object(own);
  }

  /**
   * What shows whose session it is, as JSON in an order of its own; null if there is nothing. A
   * place in a stream is none of it, although it may be the application's own.
   */
  @Nullable String identity() {
    String said = ownAuth();
    if (said == null) {
      return null;
    }
    Map<String, String> own = new TreeMap<>(JsonText.members(said));
    own.remove(OFFSET);
    return own.isEmpty() ? null : object(own);
  }

  private static String object(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> Message.quoted(member.getKey()) + ":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** The packet as the application's client has made it. */
  ByteBuf clean() {
    String packet =
        saysMore()
            ? "40" + path + (path.isEmpty() ? "" : ",") + Objects.toString(ownAuth(), "")
            : text;
    return Unpooled.copiedBuffer(packet, StandardCharsets.UTF_8);
  }
}
