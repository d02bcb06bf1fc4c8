package io.gracefuldrain.lab;

import java.nio.ByteBuffer;

/**
 * The attachment of a numbered message: bytes that its number alone decides, and that are no text.
 */
public final class FeedBytes {
  private static final int LENGTH = 2 * Long.BYTES;

  private FeedBytes() {}

  /** Whether the message with this number has an attachment, if its receiver wants any. */
  public static boolean has(long n) {
    return n % 2 == 0;
  }

  /** The attachment of a number. Its first byte is no zero, which netty-socketio would misread. */
  public static byte[] of(long n) {
    return ByteBuffer.allocate(LENGTH).putLong(~n).putLong(n).array();
  }

  /** The same as netty-socketio sends it: over a WebSocket it writes a byte in front. */
  public static byte[] sent(long n) {
    return ByteBuffer.allocate(1 + LENGTH).put((byte) 4).put(of(n)).array();
  }
}
