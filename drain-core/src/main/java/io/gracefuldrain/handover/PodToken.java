package io.gracefuldrain.handover;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The name of a session, and the way to its pod: what a token says.
 *
 * @param address of the pod, or null if it cannot be reached
 * @param port where its endpoints are; 0 if it cannot be reached
 * @param basePath the path below which they are, without a slash at its end
 * @param process the epoch of its process
 * @param session the name of the session, unique in that process
 * @param expires when it ends, in milliseconds of the epoch; 0 if it has no end of its own
 */
record PodToken(
    @Nullable InetAddress address,
    int port,
    String basePath,
    String process,
    String session,
    long expires) {
  private static final byte VERSION = 1;
  private static final int LONGEST = 255;

  boolean valid(long nowMillis) {
    return expires == 0 || nowMillis < expires;
  }

  byte[] encode() {
    byte[] ip = address == null ? new byte[0] : address.getAddress();
    byte[] path = bytes("basePath", basePath);
    byte[] epoch = bytes("process", process);
    byte[] name = bytes("session", session);
    return ByteBuffer.allocate(1 + 8 + 2 + 4 + ip.length + path.length + epoch.length + name.length)
        .put(VERSION)
        .putLong(expires)
        .putShort((short) port)
        .put((byte) ip.length)
        .put(ip)
        .put((byte) path.length)
        .put(path)
        .put((byte) epoch.length)
        .put(epoch)
        .put((byte) name.length)
        .put(name)
        .array();
  }

  private static byte[] bytes(String what, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST) {
      throw new IllegalArgumentException(
          what + ": " + bytes.length + " bytes (expected: at most " + LONGEST + ")");
    }
    return bytes;
  }

  /** What a token of ours says; null if it is of another version, or is cut. */
  static @Nullable PodToken decode(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.remaining() < 1 + 8 + 2 || buffer.get() != VERSION) {
      return null;
    }
    long expires = buffer.getLong();
    int port = Short.toUnsignedInt(buffer.getShort());
    byte[] ip = part(buffer);
    String path = text(part(buffer));
    String process = text(part(buffer));
    String session = text(part(buffer));
    if (ip == null || path == null || process == null || session == null || buffer.hasRemaining()) {
      return null;
    }
    try {
      InetAddress address = ip.length == 0 ? null : InetAddress.getByAddress(ip);
      return new PodToken(address, port, path, process, session, expires);
    } catch (UnknownHostException e) { // neither 4 nor 16 bytes
      return null;
    }
  }

  private static byte @Nullable [] part(ByteBuffer buffer) {
    if (!buffer.hasRemaining()) {
      return null;
    }
    int length = Byte.toUnsignedInt(buffer.get());
    if (length > buffer.remaining()) {
      return null;
    }
    byte[] part = new byte[length];
    buffer.get(part);
    return part;
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
