package io.gracefuldrain.netty;

import io.gracefuldrain.Goodbye;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of a WebSocket from which every client recovers on its own, in two steps. The first
 * writes all that is queued and shuts down the output. The second reads on until the client closes
 * its side, and drops what it reads, unless somebody wants it ({@link #passInput}). The channel is
 * closed when a step makes no progress for a second, or when time is up, after 30 seconds at most:
 * a slow reader that reads on gets all.
 *
 * <p>To close with unread input would reset the connection, and the reset would discard data that
 * the client has not read yet. A Close frame is sent only where {@link Goodbye#CLOSE} asks for one,
 * since some Java clients hang on it.
 *
 * <p>Confined to the channel's event loop.
 */
public final class WebSocketGoodbye {
  /** How long the client may read nothing; later, how long it may neither send nor close. */
  static final Duration SILENCE = Duration.ofSeconds(1);

  /** How long it all may take, if the drain leaves it that long. */
  static final Duration MOST = Duration.ofSeconds(30);

  /** How long a client may send without closing its side. */
  static final Duration MOST_READING = Duration.ofSeconds(3);

  private final Channel channel;
  private final Input input = new Input();
  private @Nullable StallWatch watch;
  private @Nullable OrderlyEnd orderly;
  private boolean ending;
  private boolean ended;

  private WebSocketGoodbye(Channel channel) {
    this.channel = channel;
  }

  /**
   * Begins: from now on input is dropped, and the channel ends in bounded time. Output may still be
   * written until {@link #end}.
   *
   * @param within after this time, or 30 seconds if that is less, the channel is closed, whatever
   *     it still has to write
   * @return the goodbye of this channel, the same for each call
   */
  public static WebSocketGoodbye begin(Channel channel, Duration within) {
    Input known = channel.pipeline().get(Input.class);
    if (known != null) {
      return known.goodbye();
    }
    WebSocketGoodbye goodbye = new WebSocketGoodbye(channel);
    goodbye.watchInput();
    Duration most = within.compareTo(MOST) < 0 ? within : MOST;
    goodbye.watch = StallWatch.begin(channel, SILENCE, most, goodbye::closeNow);
    return goodbye;
  }

  /**
   * Lets input pass to the handlers from now on, for an adapter that keeps what the client still
   * sends; and sees whether the channel {@linkplain #orderly ends in order}. The client may then be
   * silent for three seconds before it closes its side.
   */
  public void passInput() {
    if (orderly == null) {
      orderly = OrderlyEnd.watch(channel);
    }
  }

  /**
   * Whether the client has closed its side after ours was closed, without any error: it has read
   * all that was written. Known once the channel is closed, if {@link #passInput} was called.
   */
  public boolean orderly() {
    return orderly != null && orderly.seen();
  }

  /** Whether our side is closed: nothing more is written. */
  public boolean outputEnded() {
    return ended;
  }

  private void watchInput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.pipeline().addFirst(input);
    } else {
      channel.pipeline().addAfter(channel.pipeline().context(tls).name(), null, input);
    }
    channel.config().setAutoRead(true); // the application may have stopped it
  }

  /** As {@link #end(Goodbye)}, by a FIN alone. */
  public void end() {
    end(Goodbye.FIN);
  }

  /**
   * Ends the channel when all that was written before has been delivered. Only the first call
   * counts.
   */
  public void end(Goodbye how) {
    if (ending) {
      return;
    }
    ending = true;
    // The last thing counts as written when everything before it has been written, and also if it
    // is an empty buffer. Behind a Close frame some handlers let nothing pass.
    Object last =
        switch (how) {
          case FIN -> Unpooled.EMPTY_BUFFER;
          case CLOSE -> new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
        };
    channel.writeAndFlush(last).addListener((Future<Void> written) -> then(written, this::endTls));
  }

  /** Ends a channel at once, with or without a goodbye. */
  public static void force(Channel channel) {
    channel.flush();
    var unused = channel.close();
  }

  private void endTls() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutDownOutput();
    } else {
      tls.closeOutbound().addListener((Future<Void> notified) -> shutDownOutput());
    }
  }

  private void shutDownOutput() {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput().addListener((Future<Void> shutDown) -> then(shutDown, this::readOn));
    } else {
      closeNow();
    }
  }

  private void readOn() {
    ended = true;
    if (watch != null) {
      watch.progress();
      watch.atMost(MOST_READING);
    }
    if (orderly != null) {
      orderly.outputEnded();
      if (watch != null) {
        watch.mostSilent(MOST_READING); // a slow client may still read what the network holds
      }
    }
  }

  private void then(Future<Void> done, Runnable next) {
    if (done.isSuccess()) {
      next.run();
    } else {
      closeNow();
    }
  }

  private void closeNow() {
    var unused = channel.close();
  }

  /** What the client still sends: it shows that the client lives. */
  private final class Input extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (watch != null) {
        watch.progress();
      }
      if (orderly == null) {
        ReferenceCountUtil.release(message);
      } else {
        ctx.fireChannelRead(message);
      }
    }

    WebSocketGoodbye goodbye() {
      return WebSocketGoodbye.this;
    }
  }
}
