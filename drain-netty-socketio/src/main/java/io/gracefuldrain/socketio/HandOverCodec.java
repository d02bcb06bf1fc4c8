package io.gracefuldrain.socketio;

import io.gracefuldrain.HandOverRefusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What two pods say to each other of a session, as bytes. Both have the same version of this form,
 * or nothing is handed over. Reading is strict: one form for each value, no byte left over, and
 * nothing is made larger than the bytes that came can fill.
 */
final class HandOverCodec {
  /** The length of a fingerprint. A namespace that was joined without one has an empty one. */
  static final int FINGERPRINT = 32;

  /** How many namespaces a session may have. */
  static final int MOST_NAMESPACES = 64;

  private static final byte VERSION = 3;
  private static final byte QUESTION = 'Q';
  private static final byte STATE = 'S';
  private static final byte MAIL = 'M';
  private static final byte PARCEL = 'P';

  private HandOverCodec() {}

  // ---------------------------------------------------------------- question

  /**
   * What the new pod knows of the client.
   *
   * @param fingerprints of each namespace that the client joins; empty if it has none
   */
  static byte[] question(Map<String, byte[]> fingerprints) {
    Writer out = new Writer(QUESTION);
    writeFingerprints(out, fingerprints);
    return out.bytes();
  }

  static Map<String, byte[]> readQuestion(byte[] bytes) throws HandOverRefusal {
    Reader in = new Reader(bytes, QUESTION);
    Map<String, byte[]> fingerprints = readFingerprints(in);
    in.end();
    return fingerprints;
  }

  private static void writeFingerprints(Writer out, Map<String, byte[]> fingerprints) {
    out.count(atMost(MOST_NAMESPACES, fingerprints.size()));
    new TreeMap<>(fingerprints)
        .forEach(
            (namespace, fingerprint) -> {
              out.text(namespace);
              out.bytes(fingerprint);
            });
  }

  private static Map<String, byte[]> readFingerprints(Reader in) throws HandOverRefusal {
    Map<String, byte[]> fingerprints = new HashMap<>();
    int namespaces = in.count(MOST_NAMESPACES);
    String last = null;
    for (int i = 0; i < namespaces; i++) {
      last = in.textAfter(last);
      byte[] fingerprint = in.bytes();
      if (fingerprint.length != 0 && fingerprint.length != FINGERPRINT) {
        throw malformed("a fingerprint of " + fingerprint.length + " bytes");
      }
      fingerprints.put(last, fingerprint);
    }
    return fingerprints;
  }

  // ---------------------------------------------------------------- state

  /**
   * What a pod needs to know before it lets a client in.
   *
   * @throws IllegalArgumentException if it has more namespaces than a session may have, or a text
   *     that is none
   */
  static byte[] state(HandedState state) {
    Writer out = new Writer(STATE);
    out.number(state.session().getMostSignificantBits());
    out.number(state.session().getLeastSignificantBits());
    out.text(state.pid());
    out.number(state.nextAck());
    out.count(atMost(MOST_NAMESPACES, state.rooms().size()));
    new TreeMap<>(state.rooms())
        .forEach(
            (namespace, rooms) -> {
              out.text(namespace);
              out.count(rooms.size());
              rooms.stream().sorted().forEach(out::text);
            });
    out.count(state.data().size());
    new TreeMap<>(state.data())
        .forEach(
            (key, json) -> {
              out.text(key);
              out.text(json);
            });
    writeFingerprints(out, state.identities());
    return out.bytes();
  }

  static HandedState readState(byte[] bytes) throws HandOverRefusal {
    Reader in = new Reader(bytes, STATE);
    UUID session = new UUID(in.number(), in.number());
    String pid = in.text();
    long nextAck = in.number();
    if (nextAck < 0) {
      throw malformed("an acknowledgement's number below 0");
    }
    HandedState state =
        new HandedState(session, pid, nextAck, readRooms(in), readData(in), readFingerprints(in));
    in.end();
    return state;
  }

  private static Map<String, Set<String>> readRooms(Reader in) throws HandOverRefusal {
    Map<String, Set<String>> rooms = new HashMap<>();
    int namespaces = in.count(MOST_NAMESPACES);
    String namespace = null;
    for (int i = 0; i < namespaces; i++) {
      namespace = in.textAfter(namespace);
      Set<String> joined = new LinkedHashSet<>();
      int many = in.count();
      String room = null;
      for (int j = 0; j < many; j++) {
        room = in.textAfter(room);
        joined.add(room);
      }
      rooms.put(namespace, joined);
    }
    return rooms;
  }

  private static Map<String, String> readData(Reader in) throws HandOverRefusal {
    Map<String, String> data = new HashMap<>();
    int entries = in.count();
    String key = null;
    for (int i = 0; i < entries; i++) {
      key = in.textAfter(key);
      data.put(key, in.text());
    }
    return data;
  }

  // ---------------------------------------------------------------- parcel

  /**
   * What a session has, and what it has missed.
   *
   * @throws IllegalArgumentException if that cannot be said
   */
  static byte[] parcel(Parcel parcel) {
    Writer out = new Writer(PARCEL);
    out.bytes(state(parcel.state()));
    out.bytes(mail(parcel.mail()));
    return out.bytes();
  }

  static Parcel readParcel(byte[] bytes) throws HandOverRefusal {
    Reader in = new Reader(bytes, PARCEL);
    Parcel parcel = new Parcel(readState(in.bytes()), readMail(in.bytes()));
    in.end();
    return parcel;
  }

  // ---------------------------------------------------------------- mail

  /**
   * What a session has missed.
   *
   * @throws IllegalArgumentException if a packet's text is none
   */
  static byte[] mail(Mail mail) {
    Writer out = new Writer(MAIL);
    writePackets(out, mail.missed());
    out.count(mail.overlap());
    writePackets(out, mail.upstream());
    return out.bytes();
  }

  static Mail readMail(byte[] bytes) throws HandOverRefusal {
    Reader in = new Reader(bytes, MAIL);
    List<WirePacket> missed = readPackets(in, true);
    Mail mail = new Mail(missed, in.number(missed.size()), readPackets(in, false));
    in.end();
    return mail;
  }

  private static void writePackets(Writer out, List<WirePacket> packets) {
    out.count(packets.size());
    for (WirePacket packet : packets) {
      out.text(packet.text());
      out.count(packet.attachments().size());
      packet.attachments().forEach(out::bytes);
    }
  }

  private static List<WirePacket> readPackets(Reader in, boolean acknowledgements)
      throws HandOverRefusal {
    List<WirePacket> packets = new ArrayList<>();
    int many = in.count();
    for (int i = 0; i < many; i++) {
      String text = in.text();
      List<byte[]> attachments = new ArrayList<>();
      int parts = in.count();
      for (int j = 0; j < parts; j++) {
        attachments.add(in.bytes());
      }
      WirePacket packet = new WirePacket(text, attachments);
      if (!isMessage(packet, acknowledgements)) {
        throw malformed("a packet that is no message of Socket.IO");
      }
      packets.add(packet);
    }
    return packets;
  }

  /** Whether it is an event, or an acknowledgement, with as many attachments as it says. */
  private static boolean isMessage(WirePacket packet, boolean acknowledgements) {
    String text = packet.text();
    if (text.length() < 3 || text.charAt(0) != '4') {
      return false;
    }
    boolean acknowledgement = text.charAt(1) == '3' || text.charAt(1) == '6';
    if (acknowledgement && !acknowledgements) {
      return false;
    }
    return switch (text.charAt(1)) {
      case '2', '3' -> packet.attachments().isEmpty();
      case '5', '6' ->
          !packet.attachments().isEmpty() && text.startsWith(packet.attachments().size() + "-", 2);
      default -> false;
    };
  }

  private static int atMost(int most, int count) {
    if (count > most) {
      throw new IllegalArgumentException(count + " namespaces (expected: at most " + most + ")");
    }
    return count;
  }

  private static HandOverRefusal malformed(String what) {
    return new HandOverRefusal("malformed", what + " (expected: version " + VERSION + ")");
  }

  /** Writes numbers of eight bytes, counts of four, and texts as UTF-8. */
  private static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer(byte kind) {
      out.write(VERSION);
      out.write(kind);
    }

    void number(long value) {
      out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    void count(int value) {
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    void bytes(byte[] value) {
      count(value.length);
      out.writeBytes(value);
    }

    void text(String value) {
      try {
        ByteBuffer encoded =
            StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .encode(CharBuffer.wrap(value));
        byte[] exact = new byte[encoded.remaining()];
        encoded.get(exact);
        bytes(exact);
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("half of a surrogate pair (expected: a text)", e);
      }
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  /** Reads them. A count is at most what the bytes that are left can have. */
  private static final class Reader {
    private final ByteBuffer in;

    Reader(byte[] bytes, byte kind) throws HandOverRefusal {
      in = ByteBuffer.wrap(bytes);
      if (in.remaining() < 2 || in.get() != VERSION || in.get() != kind) {
        throw malformed("another form");
      }
    }

    long number() throws HandOverRefusal {
      need(Long.BYTES);
      return in.getLong();
    }

    /** How many things follow: each has a count of its own. */
    int count() throws HandOverRefusal {
      need(Integer.BYTES);
      int value = in.getInt();
      if (value < 0 || value > in.remaining() / Integer.BYTES) {
        throw malformed("a count of " + value + ", with " + in.remaining() + " bytes left");
      }
      return value;
    }

    int count(int most) throws HandOverRefusal {
      return atMost(most, count());
    }

    /** A count of what has been read. */
    int number(int most) throws HandOverRefusal {
      need(Integer.BYTES);
      return atMost(most, in.getInt());
    }

    private static int atMost(int most, int value) throws HandOverRefusal {
      if (value < 0 || value > most) {
        throw malformed("a count of " + value + ", above " + most);
      }
      return value;
    }

    byte[] bytes() throws HandOverRefusal {
      need(Integer.BYTES);
      int length = in.getInt();
      if (length < 0) {
        throw malformed("a length below 0");
      }
      need(length);
      byte[] value = new byte[length];
      in.get(value);
      return value;
    }

    String text() throws HandOverRefusal {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes()))
            .toString();
      } catch (CharacterCodingException e) {
        throw malformed("a text that is not UTF-8");
      }
    }

    /** A text that comes after another in the order in which they are written. */
    String textAfter(@Nullable String last) throws HandOverRefusal {
      String text = text();
      if (last != null && text.compareTo(last) <= 0) {
        throw malformed("texts that are not in order");
      }
      return text;
    }

    void end() throws HandOverRefusal {
      if (in.hasRemaining()) {
        throw malformed(in.remaining() + " bytes too many");
      }
    }

    private void need(int bytes) throws HandOverRefusal {
      if (in.remaining() < bytes) {
        throw malformed("only " + in.remaining() + " bytes left of " + bytes);
      }
    }
  }
}
