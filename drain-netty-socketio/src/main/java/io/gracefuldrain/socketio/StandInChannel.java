package io.gracefuldrain.socketio;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;

/**
 * Stands in for the channel of a session whose client is on its way to another pod, so that the
 * application goes on to send as before. It writes nothing: it says that something is in the
 * session's queue. Thread-safe, unlike what it is made of, for all that netty-socketio does to it.
 */
final class StandInChannel extends EmbeddedChannel {
  private final Runnable sent;

  /**
   * A channel that stays open.
   *
   * @param sent called by each sender, on its thread; throws nothing
   */
  StandInChannel(Runnable sent) {
    this.sent = sent;
  }

  @Override
  public ChannelFuture writeAndFlush(Object message) {
    sent.run();
    return newSucceededFuture();
  }

  @Override
  public ChannelFuture writeAndFlush(Object message, ChannelPromise promise) {
    sent.run();
    return promise.setSuccess();
  }
}
