package io.gracefuldrain.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP client that can do everything wrong: stop half way, not read, go away. */
public final class RawClient implements AutoCloseable {
  /** A response; header names in lower case. */
  public record Response(int status, Map<String, String> headers, String body) {}

  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;

  /** Connects to a port of this machine. */
  public RawClient(int port) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(4096); // a client that does not read holds up the server's writes
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends bytes, however little of a request they are. */
  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends a GET as the kubelet does. */
  public RawClient get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /** Reads the first line, and no more. */
  public int status() throws IOException {
    return Integer.parseInt(line().split(" ", -1)[1]);
  }

  /** Reads a whole response. */
  public Response read() throws IOException {
    int status = status();
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
    }
    StringBuilder body = new StringBuilder();
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      for (int length = chunkLength(); length > 0; length = chunkLength()) {
        body.append(text(length));
        line();
      }
      line();
    } else {
      body.append(text(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
    }
    return new Response(status, headers, body.toString());
  }

  private int chunkLength() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String text(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection ended within a body");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended within a line: " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Everything that comes until the server closes the connection. */
  public String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Whether the server closes the connection within ten seconds; it may send anything before. */
  public boolean ended() {
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Goes away with a reset instead of a goodbye. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
