package io.gracefuldrain.sample.handover;

import io.gracefuldrain.testing.Ports;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands between a pod that asks for sessions and the one that has them. */
final class Between implements AutoCloseable {
  /** What it does to questions and answers. */
  enum Way {
    PASS,
    /** The answer to the first {@code take} is cut off, when the old pod has given it. */
    LOSE_ONE_TAKE,
    /** The answer to each {@code take} is. */
    LOSE_TAKES,
    /** The answer to each {@code take} is {@value #SLOW_MS} ms late. */
    SLOW_TAKES,
    /** The old pod gives what is taken, and nobody gets it: the asker waits. */
    KEEP_TAKES,
    /** No {@code take} reaches the old pod. */
    HOLD_TAKES,
    /** No {@code done} reaches the old pod. */
    LOSE_DONES,
    /** Nothing reaches the old pod, and nothing is answered. */
    SILENT,
    /** Answers are bytes that are no HTTP. */
    GARBAGE,
    /** Answers are good HTTP, and their bodies garbage. */
    NONSENSE,
    /** Answers are 100 MB. */
    HUGE
  }

  /** What becomes of an answer. */
  private enum Fate {
    PASSED,
    LATE,
    LOST,
    KEPT
  }

  static final int SLOW_MS = 4_000;

  private static final int HUGE_BYTES = 100 << 20;
  private static final int CHUNK = 64 << 10;

  private final int port = Ports.free();
  private final ServerSocket listener =
      new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "between");
            thread.setDaemon(true);
            return thread;
          });
  private final int target;
  private static final Pattern ASKER = Pattern.compile("(?im)^drain-pod: *(\\S+)");

  // How often each pod has asked, by its name. The old pod asks itself, too, to warm up.
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final AtomicInteger takes = new AtomicInteger();
  // The old pod: it asks first, before anybody has a token of it.
  private final AtomicReference<String> self = new AtomicReference<>();
  private volatile Way way = Way.PASS;

  /**
   * Listens.
   *
   * @param target the management port of the old pod
   */
  Between(int target) throws IOException {
    this.target = target;
    threads.execute(this::accept);
  }

  int port() {
    return port;
  }

  Between way(Way now) {
    way = now;
    return this;
  }

  /** How often a pod has asked. */
  int asked(String pod) {
    return asked.getOrDefault(pod, 0);
  }

  /** How many takes have come of others than the old pod itself. */
  int takes() {
    return takes.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket asker = listener.accept();
        threads.execute(() -> serve(asker));
      }
    } catch (IOException e) {
      threads.shutdown(); // closed
    }
  }

  private void serve(Socket asker) {
    try (asker;
        Socket pod = new Socket(InetAddress.getLoopbackAddress(), target)) {
      var fate = new AtomicReference<>(Fate.PASSED);
      threads.execute(() -> answers(pod, asker, fate));
      byte[] chunk = new byte[CHUNK];
      for (int n = read(asker, chunk); n >= 0; n = read(asker, chunk)) {
        byte[] question = Arrays.copyOf(chunk, n);
        if (passes(question, asker, fate)) {
          pod.getOutputStream().write(question);
        }
      }
    } catch (IOException e) {
      // A connection that fails ends; the asker sees that.
    }
  }

  private static int read(Socket from, byte[] chunk) throws IOException {
    return from.getInputStream().read(chunk);
  }

  private boolean passes(byte[] question, Socket from, AtomicReference<Fate> fate)
      throws IOException {
    String text = new String(question, StandardCharsets.ISO_8859_1);
    Matcher asker = ASKER.matcher(text);
    if (asker.find()) {
      byte[] name = Base64.getUrlDecoder().decode(asker.group(1));
      String pod = new String(name, StandardCharsets.UTF_8);
      asked.merge(pod, 1, Integer::sum);
      self.compareAndSet(null, pod);
      if (pod.equals(self.get())) {
        return true; // it warms up
      }
    }
    if (text.startsWith("POST /handover/take")) {
      takes.incrementAndGet();
      switch (way) {
        case LOSE_ONE_TAKE -> {
          way = Way.PASS;
          fate.set(Fate.LOST);
        }
        case LOSE_TAKES -> fate.set(Fate.LOST);
        case SLOW_TAKES -> fate.set(Fate.LATE);
        case KEEP_TAKES -> fate.set(Fate.KEPT);
        case HOLD_TAKES -> {
          return false;
        }
        default -> {}
      }
    }
    if (text.startsWith("POST /handover/done") && way == Way.LOSE_DONES) {
      return false;
    }
    return switch (way) {
      case SILENT -> false;
      case GARBAGE -> say(from, "\u0000\u0001garbage\r\n\r\n\u00ff");
      case NONSENSE -> say(from, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n!!nonsense!!");
      case HUGE -> {
        say(from, "HTTP/1.1 200 OK\r\nContent-Length: " + HUGE_BYTES + "\r\n\r\n");
        byte[] body = new byte[CHUNK];
        Arrays.fill(body, (byte) 'A');
        for (int sent = 0; sent < HUGE_BYTES; sent += CHUNK) {
          from.getOutputStream().write(body);
        }
        yield false;
      }
      default -> true;
    };
  }

  private static boolean say(Socket asker, String text) throws IOException {
    OutputStream out = asker.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return false;
  }

  private static void answers(Socket pod, Socket asker, AtomicReference<Fate> fate) {
    byte[] chunk = new byte[CHUNK];
    try {
      for (int n = read(pod, chunk); n >= 0; n = read(pod, chunk)) {
        switch (fate.get()) {
          case PASSED -> {}
          case LATE -> {
            late();
            fate.set(Fate.PASSED); // all of it at once
          }
          case LOST -> throw new EOFException("the old pod has given it");
          case KEPT -> n = 0;
        }
        asker.getOutputStream().write(chunk, 0, n);
      }
      if (fate.get() == Fate.KEPT) {
        return; // the asker waits on
      }
    } catch (IOException e) {
      // The asker sees the end.
    }
    close(asker);
    close(pod);
  }

  private static void late() {
    try {
      TimeUnit.MILLISECONDS.sleep(SLOW_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
