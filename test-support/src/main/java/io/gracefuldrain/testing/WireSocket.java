package io.gracefuldrain.testing;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A WebSocket with nothing hidden: the bytes on the wire, and the manner of its end. It reads only
 * at the test's command, so it can also be a client that never reads.
 */
public final class WireSocket implements AutoCloseable {
  /** How the server's side ended. */
  public enum End {
    /** A Close frame. */
    CLOSE_FRAME,
    /** The end of the stream, and no Close frame before it. */
    FIN,
    /** A reset: unread data may be lost. */
    RESET
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private volatile long endedAt;
  private volatile boolean closesToo = true;
  private volatile boolean slow;
  private volatile boolean read;

  private WireSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(new Throttled(socket.getInputStream())));
    this.out = socket.getOutputStream();
  }

  /** Connects, upgrades, and keeps reading. */
  public static WireSocket open(int port, String query) throws IOException {
    return openUnread(new Socket(), port, query).reading();
  }

  /** The same by another path than that of Socket.IO. */
  public static WireSocket openAt(int port, String path, String query) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    return upgrade(socket, path, query).reading();
  }

  /** Connects a socket that a test has prepared, upgrades it, and reads nothing. */
  public static WireSocket openUnread(Socket socket, int port, String query) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
    return upgrade(socket, query);
  }

  /** Upgrades an existing connection. */
  public static WireSocket upgrade(Socket connected, String query) throws IOException {
    return upgrade(connected, "/socket.io/", query);
  }

  private static WireSocket upgrade(Socket connected, String path, String query)
      throws IOException {
    WireSocket wire = new WireSocket(connected);
    connected.setSoTimeout(20_000);
    wire.out.write(
        ("GET "
                + path
                + "?"
                + query
                + "&transport=websocket HTTP/1.1\r\n"
                + "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    String status = wire.line();
    if (!status.contains(" 101 ")) {
      connected.close();
      throw new IOException("the server says: " + status);
    }
    while (!wire.line().isEmpty()) {
      // The headers do not matter.
    }
    return wire;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      line.append((char) c);
    }
    return line.toString().trim();
  }

  /** Begins to read. */
  public WireSocket reading() {
    Thread reader = new Thread(this::read, "wire-" + socket.getLocalPort());
    reader.setDaemon(true);
    reader.start();
    return this;
  }

  /** Keeps its own side open after the server's side has ended. */
  public void lingers() {
    closesToo = false;
  }

  /**
   * From now on it reads 160 kB/s, and never rests for long.
   *
   * @param asks has the server send something
   */
  public void readsSlowly(Runnable asks) {
    slow = true;
    asks.run();
    Await.until("what it reads slowly", () -> read);
  }

  /** Reads little at a time, with a rest, once it is to be slow. */
  private final class Throttled extends FilterInputStream {
    Throttled(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int got = super.read(into, offset, Math.min(length, 16 * 1024));
      if (slow) {
        read = true;
        LockSupport.parkNanos(100_000_000);
      }
      return got;
    }
  }

  private void read() {
    End how;
    try {
      how = readFrames();
    } catch (EOFException e) {
      how = End.FIN;
    } catch (IOException e) {
      how = End.RESET;
    }
    endedAt = System.nanoTime();
    end.complete(how);
    if (closesToo) {
      close();
    }
  }

  private End readFrames() throws IOException {
    StringBuilder message = new StringBuilder();
    while (true) {
      int head = in.readUnsignedByte();
      int length = in.readUnsignedByte() & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = Math.toIntExact(in.readLong());
      }
      byte[] payload = in.readNBytes(length);
      if (payload.length < length) {
        throw new EOFException("in the middle of a frame");
      }
      int opcode = head & 0x0f;
      if (opcode == 8) {
        return End.CLOSE_FRAME;
      } else if (opcode <= 1) {
        message.append(new String(payload, StandardCharsets.UTF_8));
        if ((head & 0x80) != 0) {
          messages.add(message.toString());
          message.setLength(0);
        }
      }
    }
  }

  /** Sends a text frame. */
  public void send(String text) {
    send(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a binary frame. */
  public void sendBinary(byte... payload) {
    send(0x82, payload);
  }

  private synchronized void send(int head, byte[] payload) {
    byte[] frame = new byte[payload.length + (payload.length < 126 ? 6 : 8)];
    int at = 0;
    frame[at++] = (byte) head;
    if (payload.length < 126) {
      frame[at++] = (byte) (0x80 | payload.length);
    } else {
      frame[at++] = (byte) (0x80 | 126);
      frame[at++] = (byte) (payload.length >> 8);
      frame[at++] = (byte) payload.length;
    }
    at += 4; // a mask of zeros changes nothing
    System.arraycopy(payload, 0, frame, at, payload.length);
    try {
      out.write(frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends an empty Close frame: the client says goodbye. */
  public synchronized void sendClose() throws IOException {
    out.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
  }

  /** All messages so far. */
  public List<String> messages() {
    return messages;
  }

  /** Waits for a message that is wanted, and returns the first one. */
  public String await(String what, Predicate<String> wanted) {
    Await.until(
        () -> what + " among " + last(messages),
        Await.SOON,
        () -> messages.stream().anyMatch(wanted));
    return messages.stream().filter(wanted).findFirst().orElseThrow();
  }

  public String await(Pattern pattern) {
    return await(pattern.pattern(), message -> pattern.matcher(message).find());
  }

  private static String last(List<String> messages) {
    return messages.subList(Math.max(0, messages.size() - 20), messages.size()).toString();
  }

  /** Waits for the end of the server's side. */
  public End end(Duration bound) throws Exception {
    return end.get(bound.toMillis(), TimeUnit.MILLISECONDS);
  }

  public boolean ended() {
    return end.isDone();
  }

  /** When the server's side ended, by {@link System#nanoTime}. */
  public long endedAt() {
    return endedAt;
  }

  /** Resets the connection. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
