package io.gracefuldrain.socketio;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A client of a {@link WarmUp}: just enough of Socket.IO to connect, to send an event, to hear it
 * and its acknowledgement, and to leave. It is no client for anything else, since it believes
 * whatever it hears.
 */
final class LoopbackClient {
  private static final String PATH = "/socket.io/?EIO=4&transport=";
  private static final String EVENT = "420[\"warm-up\",{\"text\":\"warm\",\"number\":1}]";
  private static final String ACKNOWLEDGEMENT = "430";
  private static final String UPGRADE =
      String.join(
          "\r\n",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "");

  private final InetSocketAddress address;
  private final long ends;

  /**
   * Not yet connected.
   *
   * @param ends when it gives up, by {@link System#nanoTime}: it throws a {@link
   *     SocketTimeoutException} then
   */
  LoopbackClient(InetSocketAddress address, long ends) {
    this.address = address;
    this.ends = ends;
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, left());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private int left() throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(ends - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("its time is over");
    }
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }

  private DataInputStream input(Socket socket) throws IOException {
    return new DataInputStream(
        new BufferedInputStream(
            new FilterInputStream(socket.getInputStream()) {
              @Override
              public int read(byte[] into, int offset, int length) throws IOException {
                socket.setSoTimeout(left());
                return super.read(into, offset, length);
              }
            }));
  }

  // ---------------------------------------------------------------- over a WebSocket

  /** Comes and goes over a WebSocket. */
  void webSocket() throws IOException {
    try (Socket socket = connect()) {
      DataInputStream in = input(socket);
      OutputStream out = socket.getOutputStream();
      out.write(request("GET " + PATH + "websocket", UPGRADE, ""));
      head(in, 101);
      awaitFrame(in, "0");
      out.write(frame(0x81, "40"));
      awaitFrame(in, "40");
      out.write(frame(0x81, EVENT));
      awaitFrame(in, ACKNOWLEDGEMENT);
      out.write(frame(0x88, ""));
      while (in.read() >= 0) {
        // the server's own Close frame, and its end
      }
    }
  }

  private static void awaitFrame(DataInputStream in, String beginning) throws IOException {
    String text;
    do {
      in.readUnsignedByte(); // a whole text: the server sends nothing else
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      }
      text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      if (text.length() < Math.min(length, 1)) {
        throw new EOFException("in the middle of a frame");
      }
    } while (!text.startsWith(beginning));
  }

  private static byte[] frame(int head, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[6 + payload.length]; // the mask is zero, and changes nothing
    frame[0] = (byte) head;
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    return frame;
  }

  // ---------------------------------------------------------------- by long-polling

  /** Comes and goes by long-polling. */
  void poll() throws IOException {
    String opened = ask("GET " + PATH + "polling", "");
    int from = opened.indexOf("\"sid\":\"") + 7;
    String session = PATH + "polling&sid=" + opened.substring(from, opened.indexOf('"', from));
    ask("POST " + session, "40");
    awaitPolled(session, "40");
    ask("POST " + session, EVENT);
    awaitPolled(session, ACKNOWLEDGEMENT);
    ask("POST " + session, "1");
  }

  private void awaitPolled(String session, String beginning) throws IOException {
    String polled;
    do {
      polled = ask("GET " + session, "");
    } while (!polled.startsWith(beginning) && !polled.contains("\u001e" + beginning));
  }

  private String ask(String request, String body) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request(request, "Connection: close\r\n", body));
      DataInputStream in = input(socket);
      head(in, 200);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  // ---------------------------------------------------------------- HTTP

  private byte[] request(String request, String headers, String body) {
    return (request
            + " HTTP/1.1\r\nHost: "
            + address.getAddress().getHostAddress()
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + headers
            + "\r\n"
            + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void head(InputStream in, int expected) throws IOException {
    String status = line(in);
    if (!status.contains(" " + expected + " ")) {
      throw new IOException("the server says " + status + " (expected: " + expected + ")");
    }
    while (!line(in).isEmpty()) {
      // the headers do not matter
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("within the head of an answer");
      }
      line.append((char) c);
    }
    return line.toString().trim();
  }
}
