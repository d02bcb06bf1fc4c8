package io.gracefuldrain.sample.page;

import io.gracefuldrain.socketio.DrainChannelInitializer;
import io.netty.channel.ChannelPipeline;

/** A channel initializer with a handler of the application's own: the page. */
public final class PageInitializer extends DrainChannelInitializer {
  private final PageHandler page;

  public PageInitializer(PageHandler page) {
    this.page = page;
  }

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    pipeline.addBefore(AUTHORIZE_HANDLER, "samplePage", page);
  }
}
