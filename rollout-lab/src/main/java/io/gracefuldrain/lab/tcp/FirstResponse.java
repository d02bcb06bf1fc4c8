package io.gracefuldrain.lab.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Adds a header line to a connection's first HTTP response. What is no HTTP is passed on as it is.
 */
public final class FirstResponse extends ChannelInboundHandlerAdapter {
  private static final int MOST_STATUS_LINE = 1_024;

  private final String header;
  private @Nullable ByteBuf soFar;

  private FirstResponse(String header) {
    this.header = header;
  }

  /**
   * Adds the header to what the server answers first. To be called before the channel is joined
   * with another one.
   */
  public static void addHeader(Channel server, String header) {
    server.pipeline().addLast(new FirstResponse(header));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    ByteBuf all = soFar == null ? ctx.alloc().buffer() : soFar;
    soFar = all;
    ByteBuf more = (ByteBuf) bytes;
    all.writeBytes(more);
    more.release();
    String text = all.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n");
    if (end < 0 && text.length() < MOST_STATUS_LINE) {
      ctx.read();
      return;
    }
    if (end >= 0 && text.startsWith("HTTP/")) {
      ByteBuf rest = all.copy(all.readerIndex() + end, all.readableBytes() - end);
      all.writerIndex(all.readerIndex() + end);
      all.writeCharSequence("\r\n" + header, StandardCharsets.ISO_8859_1);
      all.writeBytes(rest);
      rest.release();
    }
    passOn(ctx, all);
    ctx.pipeline().remove(this);
  }

  private void passOn(ChannelHandlerContext ctx, ByteBuf all) {
    soFar = null;
    ctx.fireChannelRead(all);
  }

  /** The end of the output, among others. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (soFar != null) {
      passOn(ctx, soFar);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (soFar != null) {
      soFar.release();
      soFar = null;
    }
  }
}
