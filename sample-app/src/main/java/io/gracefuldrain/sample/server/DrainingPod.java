package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.sample.page.PageHandler;
import io.gracefuldrain.sample.page.PageInitializer;
import io.gracefuldrain.socketio.SocketIoDrain;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The life of a pod that drains. */
final class DrainingPod implements Work {
  private final DrainCoordinator coordinator;
  // Set before the server starts, and so before anybody can ask.
  private volatile @Nullable SocketIoDrain drain;

  DrainingPod(DrainCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  @Override
  public Events.Pod now() {
    return new Events.Pod(
        coordinator.policy().pod(), coordinator.policy().generation(), coordinator.phase().name());
  }

  @Override
  public void attach(SocketIOServer server, PageHandler page) {
    drain = SocketIoDrain.attach(server, coordinator, new PageInitializer(page));
  }

  @Override
  public WorkLease begin(SocketIOClient client, String work) {
    return Objects.requireNonNull(drain, "drain").begin(client, work);
  }

  /**
   * Under a lease, so that it cannot be let go meanwhile: netty-socketio drops without a word what
   * is sent in the moment of a disconnect.
   */
  @Override
  public boolean send(SocketIOClient client, Runnable sending) {
    WorkLease lease;
    try {
      lease = begin(client, "send");
    } catch (IllegalStateException e) {
      return false; // let go, or gone by itself
    }
    try {
      sending.run();
      return true;
    } finally {
      lease.close();
    }
  }

  @Override
  public boolean draining() {
    return coordinator.phase().compareTo(DrainPhase.SERVING) > 0;
  }

  @Override
  public void listen(DrainListener listener) {
    coordinator.addListener(listener);
  }
}
