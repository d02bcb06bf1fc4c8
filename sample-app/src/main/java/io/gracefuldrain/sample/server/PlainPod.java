package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.sample.page.PageHandler;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Optional;

/**
 * The pod without a drain, for comparison: it serves until the process ends, and waits for nobody's
 * work.
 */
final class PlainPod implements Work {
  private PlainPod() {}

  /** Of the policy only the pod's name and generation apply. */
  static void serve(PodSettings settings) {
    PlainManagement management =
        PlainManagement.start(settings.managementPort(), System.getenv(), Metrics.ofJvm()::scrape);
    SocketIOServer server = new SocketIOServer(ChatServer.configuration(settings.port()));
    server.setPipelineFactory(
        new Initializer(PageHandler.of(server.getConfiguration(), settings.demo())));
    Events.Pod pod =
        new Events.Pod(
            settings.policy().pod(), settings.policy().generation(), DrainPhase.SERVING.name());
    ChatServer chat =
        new ChatServer(
            server,
            () -> pod,
            new PlainPod(),
            new SessionLedger(pod, () -> false, settings.ledger()));
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(chat::close, "sample-stop"));
    management.started();
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
  public boolean handsOver() {
    return false;
  }

  /** netty-socketio's own pipeline with the page in it. */
  private static final class Initializer extends SocketIOChannelInitializer {
    private final PageHandler page;
    private final FeedCheck check = new FeedCheck();

    Initializer(PageHandler page) {
      this.page = page;
    }

    @Override
    protected void addSocketioHandlers(ChannelPipeline pipeline) {
      super.addSocketioHandlers(pipeline);
      pipeline.addBefore(AUTHORIZE_HANDLER, "samplePage", page);
      pipeline.addBefore(AUTHORIZE_HANDLER, "sampleCheck", check);
    }
  }

  /** A lease that holds nothing back. */
  private record PlainLease(String work, long begunNanos) implements WorkLease {
    @Override
    public Duration age() {
      return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    @Override
    public Optional<Duration> timeLeft() {
      return Optional.empty(); // nothing drains here
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
