package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.messages.PacketsMessage;
import com.corundumstudio.socketio.protocol.UTF8CharsScanner;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@code drain:landed} out of what an aware client has sent, in its place among the other
 * packets. The application's listeners, interceptors and JSON never see it.
 */
final class LandedPackets {
  static final String LANDED = "drain:landed";

  /**
   * A client says that it has landed.
   *
   * @param namespace where it says so; empty for the main one
   * @param acknowledgement the number of the acknowledgement that it wants, or -1
   * @param arguments the event as JSON: its name and its arguments
   */
  record Landed(String namespace, long acknowledgement, String arguments) {}

  private static final byte SEPARATOR = 0x1e;
  private static final byte LENGTH_END = (byte) 0xff;
  private static final int LONGEST_HEADER = 10;
  private static final int LONGEST_NAME = 1024;
  private static final byte[] NAME = ('"' + LANDED + '"').getBytes(StandardCharsets.US_ASCII);

  private LandedPackets() {}

  /** Whether the client says anything of its move; nearly always it does not. */
  static boolean any(PacketsMessage packets) {
    if (packets.getClient().getLastBinaryPacket() != null) {
      return false; // these are the bytes that belong to it
    }
    ByteBuf content = packets.getContent();
    int stop;
    for (int at = content.readerIndex(); at < content.writerIndex(); at = next(content, stop)) {
      int start = start(content, at);
      stop = stop(content, at, start);
      if (landed(content, start, stop) != null) {
        return true;
      }
    }
    return false;
  }

  /** Gives each part to one of two, in order: what the client says of its move, and the rest. */
  static void dispatch(
      PacketsMessage packets, Consumer<PacketsMessage> application, Consumer<Landed> landed) {
    if (packets.getClient().getLastBinaryPacket() != null) {
      application.accept(packets); // bytes that belong to it
      return;
    }
    dispatch(
        packets.getContent(),
        () -> application.accept(packets),
        part ->
            application.accept(
                new PacketsMessage(packets.getClient(), part, packets.getTransport())),
        landed);
  }

  /**
   * The same for bytes.
   *
   * @param whole takes all of it, as it came
   * @param application takes a part
   */
  static void dispatch(
      ByteBuf content, Runnable whole, Consumer<ByteBuf> application, Consumer<Landed> landed) {
    int from = content.readerIndex();
    int end = content.writerIndex();
    int at = from;
    while (at < end) {
      int start = start(content, at);
      int stop = stop(content, at, start);
      Landed found = landed(content, start, stop);
      int next = next(content, stop);
      if (found != null) {
        if (from < at) {
          application.accept(content.slice(from, at - from));
        }
        landed.accept(found);
        from = next;
      }
      at = next;
    }
    if (from == content.readerIndex()) {
      whole.run();
    } else if (from < end) {
      application.accept(content.slice(from, end - from));
    }
  }

  // ---------------------------------------------------------------- as netty-socketio reads it

  /** Where a packet begins: in long-polling of protocol 3 its length stands before it. */
  private static int start(ByteBuf content, int at) {
    int most = Math.min(content.writerIndex(), at + LONGEST_HEADER);
    if (content.getByte(at) == 0) {
      int end = content.indexOf(at, most, LENGTH_END);
      return end < 0 ? at : end + 1;
    }
    int digits = at;
    while (digits < most && digit(content.getByte(digits))) {
      digits++;
    }
    return digits > at && digits < most && content.getByte(digits) == ':' ? digits + 1 : at;
  }

  /** Where a packet ends. */
  private static int stop(ByteBuf content, int at, int start) {
    int end = content.writerIndex();
    if (start == at) {
      int separator = content.indexOf(at, end, SEPARATOR);
      return separator < 0 ? end : separator;
    }
    int length = 0;
    for (int i = at; i < start - 1; i++) {
      length = length * 10 + (content.getByte(i) & 0xf);
    }
    if (content.getByte(at) != 0) { // it counts characters
      try {
        ByteBuf packet = content.slice(start - 1, end - start + 1);
        length = new UTF8CharsScanner().getActualLength(packet, length);
      } catch (IllegalStateException e) {
        return end; // there are fewer: netty-socketio will say so
      }
    }
    return Math.min(end, Math.max(start, start + length));
  }

  /** Where the next packet begins, or the end. */
  private static int next(ByteBuf content, int stop) {
    return stop < content.writerIndex() && content.getByte(stop) == SEPARATOR ? stop + 1 : stop;
  }

  private static @Nullable Landed landed(ByteBuf text, int start, int stop) {
    if (stop - start < 2 || text.getByte(start) != '4' || text.getByte(start + 1) != '2') {
      return null;
    }
    int at = start + 2;
    int nameEnd = at;
    if (at < stop && text.getByte(at) == '/') {
      int comma = text.indexOf(at, Math.min(stop, at + LONGEST_NAME), (byte) ',');
      if (comma < 0) {
        return null;
      }
      nameEnd = comma;
      at = comma + 1;
    }
    long acknowledgement = -1;
    while (at < stop && digit(text.getByte(at))) {
      acknowledgement = Math.max(0, acknowledgement) * 10 + (text.getByte(at) - '0');
      at++;
    }
    if (!named(text, at, stop)) {
      return null;
    }
    return new Landed(
        text.toString(start + 2, nameEnd - start - 2, StandardCharsets.UTF_8),
        acknowledgement,
        text.toString(at, stop - at, StandardCharsets.UTF_8));
  }

  /** Whether an event's arguments begin with our name. */
  private static boolean named(ByteBuf text, int at, int stop) {
    if (stop - at < NAME.length + 2 || text.getByte(at) != '[') {
      return false;
    }
    int from = at + 1;
    while (from < stop && text.getByte(from) == ' ') {
      from++;
    }
    if (stop - from < NAME.length) {
      return false;
    }
    for (int i = 0; i < NAME.length; i++) {
      if (text.getByte(from + i) != NAME[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean digit(byte c) {
    return c >= '0' && c <= '9';
  }
}
