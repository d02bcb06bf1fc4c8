package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.handover.HandOver;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.sample.page.PageHandler;
import io.gracefuldrain.sample.page.PageInitializer;
import io.gracefuldrain.signal.DrainSignals;
import io.gracefuldrain.socketio.SocketIoDrain;

/**
 * The pod that drains, with every use that this sample makes of the library. {@link #serve} has the
 * README's lines in the README's order, each with what a larger service adds to it: a pipeline with
 * its own handlers, metrics, a listener, several stops.
 */
final class DrainingPod implements Work {
  private final SocketIoDrain drain;
  private final boolean handsOver;

  private DrainingPod(SocketIoDrain drain, boolean handsOver) {
    this.drain = drain;
    this.handsOver = handsOver;
  }

  static void serve(PodSettings settings) {
    SocketIOServer server = new SocketIOServer(ChatServer.configuration(settings.port()));
    PageHandler page = PageHandler.of(server.getConfiguration(), settings.demo());

    DrainCoordinator coordinator = DrainCoordinator.create(settings.policy());
    SocketIoDrain drain =
        SocketIoDrain.attach(server, coordinator, new PageInitializer(page, new FeedCheck()));
    Work work = new DrainingPod(drain, HandOver.of(coordinator).on());
    ChatServer chat = chat(server, coordinator, work, settings);
    DrainEndpoints endpoints = DrainEndpoints.of(coordinator, Metrics.of(coordinator)::scrape);
    DrainHttpServer management = DrainHttpServer.start(endpoints, settings.managementPort());
    DrainSignals.install(coordinator, drain::stop, chat::close, management::close);
    server.start();
    coordinator.started();
  }

  /** The service: it is told of each phase, and its ledger of each outcome. */
  private static ChatServer chat(
      SocketIOServer server, DrainCoordinator coordinator, Work work, PodSettings settings) {
    Events.Pod pod = now(coordinator);
    SessionLedger ledger =
        new SessionLedger(pod, () -> coordinator.phase().draining(), settings.ledger());
    ChatServer chat = new ChatServer(server, () -> now(coordinator), work, ledger);
    coordinator.addListener(
        new DrainListener() {
          @Override
          public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
            chat.tell(new Events.Pod(report.pod(), report.generation(), to.name()));
          }

          @Override
          public void connectionEnded(String connection, Outcome outcome) {
            ledger.ended(connection, outcome);
          }
        });
    return chat;
  }

  private static Events.Pod now(DrainCoordinator coordinator) {
    return new Events.Pod(
        coordinator.policy().pod(), coordinator.policy().generation(), coordinator.phase().name());
  }

  @Override
  public boolean handsOver() {
    return handsOver;
  }

  @Override
  public WorkLease begin(SocketIOClient client, String work) {
    return drain.begin(client, work);
  }

  /**
   * Under a lease, so that the client cannot be let go meanwhile: netty-socketio silently drops
   * what is sent at the moment of a disconnect.
   */
  @Override
  public boolean send(SocketIOClient client, Runnable sending) {
    WorkLease lease;
    try {
      lease = begin(client, "send");
    } catch (IllegalStateException e) {
      return false; // the client was let go, or has left
    }
    try {
      sending.run();
      return true;
    } finally {
      lease.close();
    }
  }
}
