package io.gracefuldrain.servlet;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * As much of HTTP/2 as it takes to ask for a path and to be told to go. Java's own client of JDK 17
 * fails the requests that are in progress when it is told.
 */
final class Http2Client implements Closeable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private int stream = -1;
  private boolean toldToGo;

  /** Connects, and speaks HTTP/2 from the first byte. */
  Http2Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    write(SETTINGS, 0, 0, new byte[0]);
  }

  /** Whether a GOAWAY has been read, which says that no error is its reason. */
  boolean toldToGo() {
    return toldToGo;
  }

  /** Sends a GET, and gives the content of its answer. */
  String get(String path) throws IOException {
    stream += 2;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x82); // :method GET
    block.write(0x86); // :scheme http
    literal(block, 1, "localhost"); // :authority
    literal(block, 4, path); // :path
    write(HEADERS, END_STREAM | END_HEADERS, stream, block.toByteArray());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (!readFrame(content)) {}
    return content.toString(StandardCharsets.UTF_8);
  }

  private static void literal(ByteArrayOutputStream block, int name, String value) {
    block.write(name);
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void write(int type, int flags, int id, byte[] payload) throws IOException {
    out.writeShort(payload.length >> 8);
    out.writeByte(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(id);
    out.write(payload);
    out.flush();
  }

  /** Reads a frame, and says whether the answer is complete. */
  private boolean readFrame(ByteArrayOutputStream content) throws IOException {
    int length = (in.readUnsignedShort() << 8) | in.readUnsignedByte();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int id = in.readInt();
    byte[] payload = in.readNBytes(length);
    if (type == DATA) {
      content.writeBytes(payload);
    } else if (type == GOAWAY) {
      toldToGo = payload[4] == 0 && payload[5] == 0 && payload[6] == 0 && payload[7] == 0;
    }
    return id == stream && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
