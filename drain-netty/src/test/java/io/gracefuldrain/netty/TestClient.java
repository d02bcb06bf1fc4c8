package io.gracefuldrain.netty;

import io.gracefuldrain.contract.ContractClient;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A WebSocket by hand: it shows what a client sees, and can do nothing where others react. */
final class TestClient implements ContractClient {
  private static final String OPENING =
      """
      GET /ws HTTP/1.1
      Host: localhost
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """
          .replace("\n", "\r\n");
  // All masked with zeros, which changes nothing.
  private static final String TEXT_FRAME = "\u0081\u0084\0\0\0\0work";
  private static final String MUCH_FRAME = "\u0081\u0084\0\0\0\0much";
  private static final String CLOSE_FRAME = "\u0088\u0080\0\0\0\0";

  private static final int SOME = 16 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final CountDownLatch reading = new CountDownLatch(1);
  private volatile boolean stalled;
  private volatile boolean slow;
  private volatile boolean ended;

  private TestClient(int port) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(SOME); // so that the server sees what is read
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true); // what is sent is on its way, whatever is not acknowledged yet
    in = new BufferedInputStream(socket.getInputStream());
  }

  static TestClient connect(int port) throws IOException {
    TestClient client = new TestClient(port);
    client.write(OPENING);
    String status = client.line();
    for (String header = client.line(); !header.isEmpty(); ) {
      header = client.line();
    }
    if (!status.contains(" 101 ")) {
      client.close();
      throw new IOException("the server says: " + status);
    }
    Thread reader = new Thread(client::read, "client-" + client.socket.getLocalPort());
    reader.setDaemon(true);
    reader.start();
    return client;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the server has ended the connection after: " + line);
      }
      line.append((char) c);
    }
    return line.toString().trim();
  }

  /** Reads to the end of the server's side, and ends its own. */
  private void read() {
    try {
      socket.setSoTimeout(0);
      byte[] some = new byte[SOME];
      while (in.read(some) >= 0) {
        if (slow) {
          reading.countDown();
          LockSupport.parkNanos(100_000_000);
        }
      }
    } catch (IOException e) {
      // A reset, or the test's own close, ends it, too.
    }
    ended = true;
    if (!stalled) {
      close();
    }
  }

  private void write(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void send() throws IOException {
    write(TEXT_FRAME);
  }

  @Override
  public void leave() {
    try {
      write(CLOSE_FRAME);
    } catch (IOException e) {
      // The server has ended it before.
    }
  }

  @Override
  public void stall() {
    stalled = true;
  }

  @Override
  public void readSlowly() throws IOException, InterruptedException {
    slow = true;
    write(MUCH_FRAME);
    if (!reading.await(10, TimeUnit.SECONDS)) {
      throw new IOException("the server sends nothing");
    }
  }

  @Override
  public boolean connected() {
    return !ended;
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
