package io.gracefuldrain.lab.raw;

import io.gracefuldrain.lab.options.CannotStart;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that stay at a server to which others move, and send a message at regular times that
 * comes back. They feel what the arrivals cost. One thread of their own runs them.
 */
public final class Bystanders implements AutoCloseable {
  /**
   * A message that came back. Moments are those of {@link System#nanoTime}.
   *
   * @param dueAt when it was to be sent
   * @param sentAt when it was sent
   * @param backAt when it was back
   */
  public record Echo(long dueAt, long sentAt, long backAt) {
    /** From the moment it was due, in nanoseconds: a client that is late itself counts. */
    public long sinceDue() {
      return backAt - dueAt;
    }

    /** From the moment it was sent, in nanoseconds. */
    public long sinceSent() {
      return backAt - sentAt;
    }
  }

  private final EventLoopGroup group =
      new NioEventLoopGroup(1, new DefaultThreadFactory("raw-bystanders", true));
  private final EventLoop loop = group.next();
  private final int size;
  private final long everyNanos;
  private final CompletableFuture<Void> allThere = new CompletableFuture<>();
  // Confined to the thread.
  private final List<Echo> echoes = new ArrayList<>();
  private int there;

  private Bystanders(int size, Duration every) {
    this.size = size;
    this.everyNanos = every.toNanos();
  }

  /**
   * Connects them to a server on this machine, and begins.
   *
   * @param every how often each of them sends
   */
  public static Bystanders connect(int port, int size, Duration every, Duration within)
      throws InterruptedException {
    Bystanders all = new Bystanders(size, every);
    all.loop.execute(
        () -> {
          for (int i = 0; i < size; i++) {
            RawSocket.open(
                all.loop,
                port,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                all.new Bystander(i));
          }
        });
    try {
      all.allThere.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      all.close();
      throw new CannotStart(
          "bystanders: not all connected (expected: %s within %s s)"
              .formatted(size, within.toSeconds()));
    }
    return all;
  }

  /** All echoes since the last call. */
  public List<Echo> take() throws InterruptedException {
    CompletableFuture<List<Echo>> taken = new CompletableFuture<>();
    loop.execute(
        () -> {
          taken.complete(List.copyOf(echoes));
          echoes.clear();
        });
    try {
      return taken.get(10, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("bystanders: stuck (expected: an answer within 10 s)", e);
    }
  }

  @Override
  public void close() {
    var unused = group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10_000);
  }

  private record Sent(long dueAt, long sentAt) {}

  private final class Bystander implements RawSocket.Owner {
    private final int number;
    private final Deque<Sent> onTheirWay = new ArrayDeque<>();
    private boolean ended;

    Bystander(int number) {
      this.number = number;
    }

    @Override
    public void opened(RawSocket socket) {
      // Spread evenly, so that they do not wait for each other.
      next(socket, System.nanoTime() + everyNanos * number / size);
      if (++there == size) {
        allThere.complete(null);
      }
    }

    private void next(RawSocket socket, long dueAt) {
      var unused =
          loop.schedule(
              () -> {
                if (!ended && !loop.isShuttingDown()) {
                  onTheirWay.add(new Sent(dueAt, System.nanoTime()));
                  socket.send();
                  next(socket, dueAt + everyNanos);
                }
              },
              dueAt - System.nanoTime(),
              TimeUnit.NANOSECONDS);
    }

    @Override
    public void answered(int count) {
      long now = System.nanoTime();
      for (int i = 0; i < count; i++) {
        Sent sent = onTheirWay.remove();
        echoes.add(new Echo(sent.dueAt(), sent.sentAt(), now));
      }
    }

    @Override
    public void ended(boolean reset) {
      ended = true;
    }

    @Override
    public void failed() {
      allThere.completeExceptionally(new IllegalStateException("a bystander cannot connect"));
    }
  }
}
