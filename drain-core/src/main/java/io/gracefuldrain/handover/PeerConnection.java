package io.gracefuldrain.handover;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request of HTTP/1.1, over a connection of its own that ends with the answer. It follows no
 * redirect and no proxy. The caller's thread blocks, so an answer passes through no other thread on
 * its way, and a pod that has just started has next to nothing to load for it. {@link #close} may
 * be called from another thread: it blocks nobody, and ends whatever is waited for.
 */
final class PeerConnection implements AutoCloseable {
  private static final int LONGEST_HEAD = 16_384;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.\\d (\\d{3})( .*)?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})[ \\t]*(;.*)?");

  /** Nobody is there. */
  static final class Unreachable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreachable(IOException cause) {
      super(cause.toString(), cause);
    }
  }

  /** There is more than is read. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(int limit) {
      super("the answer has more than " + limit + " bytes");
    }
  }

  /**
   * An answer.
   *
   * @param headers by their names in small letters
   * @param body each byte as a character
   */
  record Answer(int status, Map<String, String> headers, String body) {}

  private final InetSocketAddress at;
  private final Socket socket = new Socket(Proxy.NO_PROXY);

  /** Not yet connected. */
  PeerConnection(InetSocketAddress at) {
    this.at = at;
  }

  /**
   * Asks by POST, without a body.
   *
   * @param path is encoded as a URI has it
   * @param connect how long it may take to connect
   * @param silence how long nothing may come
   * @param longest of the body of an answer with status 200, in bytes
   * @param longestOther of another one
   * @throws Unreachable if it cannot connect
   * @throws TooLong if the body is longer, which is not read then
   * @throws IOException if the connection ends before the answer does, or it is no answer
   */
  Answer post(
      String path,
      Map<String, String> headers,
      Duration connect,
      Duration silence,
      int longest,
      int longestOther)
      throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis(silence));
      socket.connect(at, millis(connect));
    } catch (IOException e) {
      throw new Unreachable(e);
    }
    socket.getOutputStream().write(head(path, headers).getBytes(StandardCharsets.ISO_8859_1));
    InputStream in = new BufferedInputStream(socket.getInputStream());
    Head head = new Head(in);
    while (head.status < 200) { // there is another one to come
      head = new Head(in);
    }
    int limit = head.status == 200 ? longest : longestOther;
    byte[] body = body(head, in, limit);
    return new Answer(head.status, head.headers, new String(body, StandardCharsets.ISO_8859_1));
  }

  private static int millis(Duration time) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, time.toMillis()));
  }

  private String head(String path, Map<String, String> headers) {
    String host = at.getAddress().getHostAddress();
    StringBuilder head = new StringBuilder(1024);
    head.append("POST ").append(path).append(" HTTP/1.1\r\nHost: ");
    head.append(host.contains(":") ? "[" + host + "]" : host).append(':').append(at.getPort());
    head.append("\r\nConnection: close\r\nContent-Length: 0\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  // ---------------------------------------------------------------- the answer

  /** The first lines of an answer. */
  private static final class Head {
    final int status;
    final Map<String, String> headers = new HashMap<>();
    private int left = LONGEST_HEAD;

    Head(InputStream in) throws IOException {
      String first = line(in);
      Matcher said = STATUS.matcher(first);
      if (!said.matches()) {
        throw new IOException("no answer of HTTP/1.1");
      }
      status = Integer.parseInt(said.group(1));
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          headers.putIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
        }
      }
    }

    private String line(InputStream in) throws IOException {
      String line = PeerConnection.line(in, left);
      left -= line.length();
      return line;
    }
  }

  private static String line(InputStream in, int longest) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection has ended before the answer");
      } else if (line.length() >= longest) {
        throw new IOException("a line of the answer is too long");
      }
      line.append((char) next);
    }
    int last = line.length() - 1;
    if (last >= 0 && line.charAt(last) == '\r') {
      line.setLength(last);
    }
    return line.toString();
  }

  private static byte[] body(Head head, InputStream in, int limit) throws IOException {
    if (head.status == 204 || head.status == 304) {
      return new byte[0];
    }
    String coding = head.headers.getOrDefault("transfer-encoding", "");
    if (coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
      return chunks(in, limit);
    }
    String length = head.headers.get("content-length");
    if (length == null) { // until its end
      byte[] body = in.readNBytes(limit + 1);
      if (body.length > limit) {
        throw new TooLong(limit);
      }
      return body;
    } else if (!LENGTH.matcher(length).matches()) {
      throw new IOException("Content-Length: malformed");
    }
    return part(in, Long.parseLong(length), limit, limit);
  }

  private static byte[] part(InputStream in, long length, int left, int limit) throws IOException {
    if (length > left) {
      throw new TooLong(limit);
    }
    byte[] part = in.readNBytes((int) length);
    if (part.length < length) {
      throw new EOFException("the connection has ended within the answer");
    }
    return part;
  }

  private static byte[] chunks(InputStream in, int limit) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Matcher size = CHUNK.matcher(line(in, LONGEST_HEAD));
      if (!size.matches()) {
        throw new IOException("a chunk of the answer is malformed");
      }
      long length = Long.parseLong(size.group(1), 16);
      if (length == 0) {
        return body.toByteArray(); // what follows is of no use
      }
      body.writeBytes(part(in, length, limit - body.size(), limit));
      String end = line(in, LONGEST_HEAD);
      if (!end.isEmpty()) {
        throw new IOException("a chunk of the answer is malformed");
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) { // a socket throws none at its end
      throw new UncheckedIOException(e);
    }
  }
}
