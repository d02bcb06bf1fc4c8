package io.gracefuldrain.sample.page;

import io.gracefuldrain.socketio.DrainChannelInitializer;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;

/**
 * A channel initializer with handlers of the application's own: the page, and a check of what the
 * page lets pass.
 */
public final class PageInitializer extends DrainChannelInitializer {
  private final PageHandler page;
  private final ChannelHandler check;

  /**
   * Both handlers serve every connection.
   *
   * @param check gets Socket.IO's requests after the page, and before netty-socketio
   */
  public PageInitializer(PageHandler page, ChannelHandler check) {
    this.page = page;
    this.check = check;
  }

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    pipeline.addBefore(AUTHORIZE_HANDLER, "samplePage", page);
    pipeline.addBefore(AUTHORIZE_HANDLER, "sampleCheck", check);
  }
}
