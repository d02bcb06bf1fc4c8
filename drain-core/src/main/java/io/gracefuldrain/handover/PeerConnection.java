package io.gracefuldrain.handover;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of HTTP/1.1, over a connection of its own that ends with the answer. It follows no
 * redirect and no proxy, and is sent once. The caller's thread blocks, so an answer passes through
 * no other thread on its way, and a pod that has just started has little to load for it. {@link
 * #cut} may be called from another thread; the rest is the caller's.
 */
final class PeerConnection implements AutoCloseable {
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

  private final HttpURLConnection http;
  private boolean reading; // guarded by this
  private boolean cut; // guarded by this

  /**
   * Not yet connected.
   *
   * @param path is encoded as a URI has it
   * @throws IOException if that is no path
   */
  PeerConnection(InetSocketAddress at, String path) throws IOException {
    String host = at.getAddress().getHostAddress();
    String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort();
    try {
      URL url = new URI("http://" + authority + path).toURL();
      http = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /**
   * Asks by POST, without a body.
   *
   * @param connect how long it may take to connect
   * @param silence how long nothing may come
   * @param longest of the body of an answer with status 200, in bytes
   * @param longestOther of another one
   * @throws Unreachable if it cannot connect
   * @throws TooLong if the body is longer, which is not read then
   * @throws IOException if the connection ends before the answer does, or it is no answer
   */
  Answer post(
      Map<String, String> headers,
      Duration connect,
      Duration silence,
      int longest,
      int longestOther)
      throws IOException {
    http.setRequestMethod("POST");
    http.setInstanceFollowRedirects(false);
    http.setUseCaches(false);
    http.setDoOutput(true);
    http.setFixedLengthStreamingMode(0); // else it may be sent again
    http.setRequestProperty("Connection", "close");
    headers.forEach(http::setRequestProperty);
    http.setConnectTimeout(millis(connect));
    http.setReadTimeout(millis(silence));
    try {
      http.connect();
    } catch (IOException e) {
      throw new Unreachable(e);
    }
    checkNotCut(); // there was nothing to end until now
    http.getOutputStream().close();
    int status = http.getResponseCode();
    if (status < 0) {
      throw new IOException("no answer of HTTP/1.1");
    }
    String body =
        body(
            status >= 400 ? http.getErrorStream() : http.getInputStream(),
            status == 200 ? longest : longestOther);
    return new Answer(status, first(http.getHeaderFields()), body);
  }

  private static int millis(Duration time) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, time.toMillis()));
  }

  private String body(@Nullable InputStream in, int limit) throws IOException {
    if (in == null) {
      return "";
    }
    try (in) {
      beginReading();
      long length = http.getContentLengthLong(); // of which nothing else makes sure
      byte[] body = read(in, (int) Math.min(length < 0 ? limit + 1 : length, limit + 1));
      if (length > limit || body.length > limit) {
        http.disconnect(); // else what is left may be read
        throw new TooLong(limit);
      } else if (body.length < length) {
        throw new EOFException("the connection has ended within the answer");
      }
      return new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  private byte[] read(InputStream in, int most) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] some = new byte[8192];
    while (body.size() < most) {
      int count = in.read(some, 0, Math.min(some.length, most - body.size()));
      if (count < 0) {
        break;
      }
      body.write(some, 0, count);
      checkNotCut();
    }
    return body.toByteArray();
  }

  private synchronized void beginReading() throws IOException {
    checkNotCut();
    reading = true;
  }

  private synchronized void checkNotCut() throws IOException {
    if (cut) {
      throw new IOException("it was ended");
    }
  }

  private static Map<String, String> first(Map<String, List<String>> fields) {
    Map<String, String> first = new HashMap<>();
    fields.forEach(
        (name, values) -> {
          if (name != null) { // the status line has none
            first.putIfAbsent(name.toLowerCase(Locale.ROOT), values.get(0));
          }
        });
    return first;
  }

  /**
   * Ends it, from another thread, and does not block. While a body is read, the JDK would have the
   * caller wait for the next byte: so that thread ends it itself, after its next byte or its
   * silence.
   */
  void cut() {
    synchronized (this) {
      cut = true;
      if (reading) {
        return;
      }
    }
    http.disconnect();
  }

  /** By the thread that has asked. */
  @Override
  public void close() {
    http.disconnect();
  }
}
