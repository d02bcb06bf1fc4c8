package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Keeps a session's queue from a channel that it is not to go over any more: a sender may have seen
 * the channel before the stand-in took its place. Confined to the channel's event loop.
 */
final class Diversion extends ChannelOutboundHandlerAdapter {
  private final ClientHead head;
  private final Runnable sent;

  private Diversion(ClientHead head, Runnable sent) {
    this.head = head;
    this.sent = sent;
  }

  /**
   * From now on the queue does not go over this channel.
   *
   * @param sent called for each message that would have been written; throws nothing
   */
  static void of(Channel channel, ClientHead head, Runnable sent) {
    channel.pipeline().addLast(new Diversion(head, sent));
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof OutPacketMessage out && out.getClientHead() == head) {
      sent.run();
      promise.trySuccess();
    } else {
      var unused = ctx.write(message, promise);
    }
  }
}
