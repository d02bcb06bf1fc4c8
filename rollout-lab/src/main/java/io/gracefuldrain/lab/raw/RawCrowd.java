package io.gracefuldrain.lab.raw;

import io.gracefuldrain.lab.lean.BackOff;
import io.gracefuldrain.lab.options.CannotStart;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A crowd of raw WebSocket clients that come back elsewhere after the stock client's back-off. One
 * thread runs all of them, and its fields are confined to it.
 */
public final class RawCrowd implements AutoCloseable {
  /** How many open their first connection at the same time. */
  private static final int AT_ONCE = 100;

  /**
   * How many come from one address. Linux gives half of its ports to connections without a search,
   * and with 14,000 connections from one address to one port each further one takes milliseconds.
   */
  private static final int OF_ONE_ADDRESS = 4_000;

  private final EventLoopGroup group =
      new NioEventLoopGroup(1, new DefaultThreadFactory("raw-crowd", true));
  private final EventLoop loop = group.next();
  private final SplittableRandom random;
  private final int size;
  private final long everyNanos;
  private final CompletableFuture<Void> allThere = new CompletableFuture<>();
  private final CompletableFuture<Void> allBack = new CompletableFuture<>();

  private volatile int port;
  private volatile boolean released;
  private int begun;
  private int there;
  private int back;
  private long startedAt;
  private long firstTook;
  private long halfAt;
  private long ratePer;
  private int failedConnects;
  private long sent;
  private long answered;
  private final List<Move> moves = new ArrayList<>();
  private final List<Long> attempts = new ArrayList<>();

  /** A crowd that sends nothing. */
  public RawCrowd(int size, long seed) {
    this(size, seed, Duration.ZERO);
  }

  /**
   * A crowd.
   *
   * @param every how often each client sends a message, which its server sends back; zero for never
   */
  public RawCrowd(int size, long seed, Duration every) {
    this.size = size;
    this.random = new SplittableRandom(seed);
    this.everyNanos = every.toNanos();
  }

  /**
   * How fast the first server took the crowd.
   *
   * @param perSecond how many handshakes in a second, while the second half came
   * @param first how long the first one took
   */
  public record Arriving(double perSecond, Duration first) {}

  /** Connects everybody to a server on this machine. */
  public Arriving connect(int first, Duration within) throws InterruptedException {
    port = first;
    loop.execute(
        () -> {
          startedAt = System.nanoTime();
          for (int i = 0; i < Math.min(AT_ONCE, size); i++) {
            begin();
          }
        });
    await(allThere, within, "connected");
    return new Arriving(ratePer, Duration.ofNanos(firstTook));
  }

  private void begin() {
    if (begun < size) {
      String from = "127.0.0." + (1 + begun / OF_ONE_ADDRESS);
      begun++;
      new Client(new InetSocketAddress(from, 0)).open();
    }
  }

  private void isThere() {
    there++;
    long now = System.nanoTime();
    if (there == 1) {
      firstTook = now - startedAt;
    }
    if (there == (size + 1) / 2) {
      halfAt = now;
    }
    if (there == size) {
      ratePer = (size - (size + 1) / 2) * TimeUnit.SECONDS.toNanos(1) / Math.max(1, now - halfAt);
      allThere.complete(null);
    }
    begin();
  }

  /** From now on those that are let go come back to another server. */
  public void turnTo(int next) {
    port = next;
  }

  /** What the crowd saw, once everybody is back. */
  public Moved moved(Duration within) throws InterruptedException {
    await(allBack, within, "back");
    return new Moved(List.copyOf(moves), List.copyOf(attempts), failedConnects, sent, answered);
  }

  /** From now on nobody comes back. The server should end first: its ports are its own. */
  public void release() {
    released = true;
  }

  private void await(CompletableFuture<Void> future, Duration within, String what)
      throws InterruptedException {
    try {
      future.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new CannotStart(
          "crowd: %s there, %s back of %s (expected: all %s within %s s)"
              .formatted(there, back, size, what, within.toSeconds()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    released = true;
    var unused = group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10_000);
  }

  /** One client. */
  private final class Client implements RawSocket.Owner {
    private final BackOff backOff = new BackOff(random::nextDouble);
    private final InetSocketAddress from;
    private boolean returning;
    private boolean returned;
    private boolean reset;
    private long cutAt;
    private long triedAt;
    private int firstWaitMs;
    private int failures;
    // Of the present connection; those of ended ones are counted in the crowd.
    private int connection;
    private int sentHere;
    private int answeredHere;

    Client(InetSocketAddress from) {
      this.from = from;
    }

    void open() {
      triedAt = System.nanoTime();
      if (returning) {
        attempts.add(triedAt);
      }
      RawSocket.open(loop, port, from, this);
    }

    @Override
    public void opened(RawSocket socket) {
      long now = System.nanoTime();
      backOff.reset();
      beginSending(socket);
      if (!returning) {
        isThere();
        return;
      }
      returning = false;
      moves.add(new Move(cutAt, reset, firstWaitMs, failures, now - triedAt, now));
      if (!returned) {
        returned = true;
        if (++back == size) {
          allBack.complete(null);
        }
      }
    }

    @Override
    public void ended(boolean byReset) {
      connection++;
      if (released) {
        return;
      }
      cutAt = System.nanoTime();
      reset = byReset;
      returning = true;
      failures = 0;
      firstWaitMs = backOff.nextMs();
      sent += sentHere;
      answered += answeredHere;
      after(firstWaitMs);
    }

    @Override
    public void failed() {
      failures++;
      failedConnects++;
      after(backOff.nextMs());
    }

    private void after(int ms) {
      if (!released && !loop.isShuttingDown()) {
        var unused = loop.schedule(this::open, ms, TimeUnit.MILLISECONDS);
      }
    }

    // ---------------------------------------------------------------- messages

    private void beginSending(RawSocket socket) {
      sentHere = 0;
      answeredHere = 0;
      if (everyNanos > 0) {
        int over = connection;
        send(socket, over, random.nextLong(everyNanos));
      }
    }

    private void send(RawSocket socket, int over, long after) {
      var unused =
          loop.schedule(
              () -> {
                if (connection == over && !released && !loop.isShuttingDown()) {
                  sentHere++;
                  socket.send();
                  send(socket, over, everyNanos);
                }
              },
              after,
              TimeUnit.NANOSECONDS);
    }

    @Override
    public void answered(int count) {
      answeredHere += count;
    }
  }
}
