package io.gracefuldrain.lab.raw;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket in as few instructions as possible: it opens, sends one message again and again, and
 * counts the bytes that come back, which are that message. Confined to its event loop.
 */
final class RawSocket extends ChannelInboundHandlerAdapter {
  /** Hears what happens to a socket. */
  interface Owner {
    /** It is open. */
    void opened(RawSocket socket);

    /** So many messages have been answered. */
    void answered(int count);

    /** It was open and is no more; by a reset, or by a FIN. */
    void ended(boolean reset);

    /** It did not open. */
    void failed();
  }

  private static final byte[] REQUEST =
      String.join(
              "\r\n",
              "GET /ws HTTP/1.1",
              "Host: 127.0.0.1",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "Sec-WebSocket-Version: 13",
              "",
              "")
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ACCEPTED = "HTTP/1.1 101".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  // A final text frame of eight bytes, masked by zeros, as clients must mask.
  private static final byte[] MESSAGE = {
    (byte) 0x81, (byte) 0x88, 0, 0, 0, 0, 'a', ' ', 'm', 'e', 's', 's', 'a', 'g'
  };
  private static final int BYTES_OF_ANSWER = 10; // servers do not mask

  private final Owner owner;
  private final Channel channel;
  private int matched;
  private int matchedEnd;
  private boolean refused;
  private boolean reset;
  private int rest;

  private RawSocket(Owner owner, Channel channel) {
    this.owner = owner;
    this.channel = channel;
  }

  /**
   * Begins to open a socket.
   *
   * @param from an address of this machine, whose port is 0
   */
  static void open(EventLoop loop, int port, InetSocketAddress from, Owner owner) {
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel made) {
                made.pipeline().addLast(new RawSocket(owner, made));
              }
            })
        .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), from)
        .addListener(
            (ChannelFutureListener)
                connecting -> {
                  if (!connecting.isSuccess()) {
                    owner.failed();
                  }
                });
  }

  void send() {
    var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(MESSAGE), channel.voidPromise());
  }

  private boolean open() {
    return matched == ACCEPTED.length && !refused;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    var unused = context.writeAndFlush(Unpooled.wrappedBuffer(REQUEST), context.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf read = (ByteBuf) message;
    while (!open() && !refused && read.isReadable()) {
      refused = read.readByte() != ACCEPTED[matched++];
      if (open()) {
        owner.opened(this);
      }
    }
    while (open() && matchedEnd < END_OF_HEAD.length && read.isReadable()) {
      byte next = read.readByte();
      matchedEnd = next == END_OF_HEAD[matchedEnd] ? matchedEnd + 1 : next == '\r' ? 1 : 0;
    }
    if (read.isReadable() && !refused) {
      rest += read.readableBytes();
      owner.answered(rest / BYTES_OF_ANSWER);
      rest %= BYTES_OF_ANSWER;
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (open()) {
      owner.ended(reset);
    } else {
      owner.failed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    reset = true;
    var unused = context.close(); // channelInactive follows
  }
}
