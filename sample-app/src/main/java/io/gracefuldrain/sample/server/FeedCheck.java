package io.gracefuldrain.sample.server;

import com.fasterxml.jackson.databind.node.TextNode;
import io.gracefuldrain.sample.page.HttpAnswer;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;

/**
 * Refuses handshakes that ask for a feed which does not exist, as Engine.IO refuses a bad request.
 * Everything else passes.
 */
@Sharable
final class FeedCheck extends ChannelInboundHandlerAdapter {
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof FullHttpRequest request) {
      try {
        check(new QueryStringDecoder(request.uri()).parameters());
      } catch (IllegalArgumentException e) {
        request.release();
        TextNode reason = TextNode.valueOf(e.getMessage());
        HttpAnswer.send(
            ctx,
            HttpAnswer.json(
                HttpResponseStatus.BAD_REQUEST, "{\"code\":3,\"message\":" + reason + "}"));
        return;
      }
    }
    ctx.fireChannelRead(message);
  }

  private static void check(Map<String, List<String>> query) {
    List<String> feedMs = query.get(Events.FEED_MS);
    if (feedMs != null && !query.containsKey("sid")) {
      Events.feedMs(feedMs.get(0));
    }
  }
}
