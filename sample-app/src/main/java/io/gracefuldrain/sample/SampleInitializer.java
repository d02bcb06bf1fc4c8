package io.gracefuldrain.sample;

import io.gracefuldrain.socketio.DrainChannelInitializer;
import io.netty.channel.ChannelPipeline;

/** A channel initializer with a handler of the application's own: the page. */
final class SampleInitializer extends DrainChannelInitializer {
  private final PageHandler page;

  SampleInitializer(PageHandler page) {
    this.page = page;
  }

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    pipeline.addBefore(AUTHORIZE_HANDLER, "samplePage", page);
  }
}
