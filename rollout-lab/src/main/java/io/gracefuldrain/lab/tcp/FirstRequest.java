package io.gracefuldrain.lab.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of a connection's first HTTP request, and keeps all bytes for the server. A
 * connection without one, or with one that is too long or too slow, is closed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel needs nothing more
public final class FirstRequest extends ChannelInboundHandlerAdapter {
  static final int MOST_BYTES = 16_384;
  static final int MOST_SECONDS = 10;

  /** Receives what has been read, on the connection's event loop. */
  public interface Receiver {
    /**
     * The head is complete.
     *
     * @param head the request line and the header lines
     * @param bytes all bytes so far; the receiver releases them
     */
    void received(String head, ByteBuf bytes);
  }

  private final Receiver receiver;
  private @Nullable ByteBuf soFar;
  private @Nullable Future<?> bound;

  private FirstRequest(Receiver receiver) {
    this.receiver = receiver;
  }

  /** Begins to read. The channel must not have auto-read on. */
  public static void read(Channel client, Receiver receiver) {
    FirstRequest request = new FirstRequest(receiver);
    client.pipeline().addLast(request);
    request.bound =
        client.eventLoop().schedule(() -> client.close(), MOST_SECONDS, TimeUnit.SECONDS);
    client.read();
  }

  /** The value of a cookie in the head of a request, or null if it is not there. */
  public static @Nullable String cookie(String head, String name) {
    for (String line : head.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon < 0 || !line.substring(0, colon).equalsIgnoreCase("cookie")) {
        continue;
      }
      for (String pair : line.substring(colon + 1).split(";", -1)) {
        String trimmed = pair.trim();
        if (trimmed.startsWith(name + "=")) {
          return trimmed.substring(name.length() + 1);
        }
      }
    }
    return null;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    ByteBuf all = soFar == null ? ctx.alloc().buffer() : soFar;
    soFar = all;
    ByteBuf more = (ByteBuf) bytes;
    all.writeBytes(more);
    more.release();
    String text = all.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end >= 0) {
      soFar = null;
      ctx.pipeline().remove(this);
      receiver.received(text.substring(0, end), all);
    } else if (all.readableBytes() >= MOST_BYTES) {
      ctx.close();
    } else {
      ctx.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // a reset by the peer
  }

  /** It is done, or the channel is closed. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (bound != null) {
      bound.cancel(false);
    }
    if (soFar != null) {
      soFar.release();
      soFar = null;
    }
  }
}
