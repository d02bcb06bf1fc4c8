package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.sample.page.PageHandler;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;

/** The life of a pod without a drain: it serves until it is gone, and nobody waits for its work. */
final class PlainPod implements Work {
  private final Events.Pod pod;

  /**
   * @param policy says the pod's name and generation; nothing else of it applies
   */
  PlainPod(DrainPolicy policy) {
    pod = new Events.Pod(policy.pod(), policy.generation(), DrainPhase.SERVING.name());
  }

  @Override
  public Events.Pod now() {
    return pod;
  }

  @Override
  public void attach(SocketIOServer server, PageHandler page) {
    server.setPipelineFactory(new Initializer(page));
  }

  @Override
  public WorkLease begin(SocketIOClient client, String work) {
    return new PlainLease(work, System.nanoTime());
  }

  @Override
  public boolean send(SocketIOClient client, Runnable sending) {
    sending.run();
    return true;
  }

  @Override
  public boolean draining() {
    return false;
  }

  @Override
  public void listen(DrainListener listener) {
    // There is never anything to tell.
  }

  /** netty-socketio's own pipeline, and the page. */
  private static final class Initializer extends SocketIOChannelInitializer {
    private final PageHandler page;

    Initializer(PageHandler page) {
      this.page = page;
    }

    @Override
    protected void addSocketioHandlers(ChannelPipeline pipeline) {
      super.addSocketioHandlers(pipeline);
      pipeline.addBefore(AUTHORIZE_HANDLER, "samplePage", page);
    }
  }

  /** Work that holds nothing. */
  private record PlainLease(String work, long begunNanos) implements WorkLease {
    @Override
    public Duration age() {
      return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    @Override
    public boolean expired() {
      return false;
    }

    @Override
    public WorkLease begin(String more) {
      return new PlainLease(more, System.nanoTime());
    }

    @Override
    public void close() {}
  }
}
