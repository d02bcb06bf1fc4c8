package io.gracefuldrain.contract;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The smallest adapter: its clients are objects, and one thread serves them all. It keeps the
 * contract, or breaks one of its rules.
 */
final class MemoryServer implements ContractServer {
  private final DrainCoordinator coordinator;
  private final ContractApplication application;
  private final @Nullable Breach breach;
  private final ExecutorService loop =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "memory-server"));

  /** One that breaks this rule, or none. */
  MemoryServer(
      DrainCoordinator coordinator, ContractApplication application, @Nullable Breach breach) {
    this.coordinator = coordinator;
    this.application = application;
    this.breach = breach;
  }

  private boolean keeps(Breach rule) {
    return breach != rule;
  }

  @Override
  public ContractClient connect() throws IOException {
    if (keeps(Breach.ADMITS_EVERYBODY) && !coordinator.admit(null)) {
      throw new IOException("refused");
    }
    Connection connection = coordinator.register(Connection::new);
    onLoop(connection::welcome);
    return connection;
  }

  @Override
  public void close() {
    loop.shutdownNow();
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(() -> caught(task));
    } catch (RejectedExecutionException e) {
      // The server has stopped.
    }
  }

  private static void caught(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      // Thrown by the contract.
    }
  }

  /** Both ends of a connection. */
  private final class Connection implements DrainableConnection, ContractClient {
    private final ConnectionHandle handle;
    private volatile boolean open = true; // until both sides have ended
    private volatile boolean ending; // the server's side has ended
    private volatile boolean stalled;
    private volatile boolean slow;

    Connection(ConnectionHandle handle) {
      this.handle = handle;
      if (keeps(Breach.WELCOMES_IDLE_CLIENTS)) {
        var unused = handle.tryEnter();
      }
    }

    private void welcome() {
      if (keeps(Breach.WELCOMES_IDLE_CLIENTS)) {
        dispatch(() -> application.connected(handle));
      } else {
        application.connected(handle);
      }
    }

    /** Of what was entered. */
    private void dispatch(Runnable handler) {
      if (!keeps(Breach.LOSES_THE_EXIT_OF_A_HANDLER_THAT_THROWS)) {
        handler.run();
        handle.exit();
        return;
      }
      try {
        handler.run();
      } finally {
        handle.exit();
      }
    }

    @Override
    public void send() {
      onLoop(
          () -> {
            if (handle.tryEnter() || (mayEnterLate() && handle.tryEnterLate())) {
              dispatch(() -> application.message(handle));
            }
          });
    }

    private boolean mayEnterLate() {
      return keeps(Breach.DROPS_WHAT_COMES_LATE)
          && open
          && (!ending || !keeps(Breach.DISPATCHES_AFTER_THE_END));
    }

    private void end(Departure how) {
      if (!open) {
        return;
      }
      open = false;
      if (!keeps(Breach.TELLS_THE_APPLICATION_FIRST)) {
        application.disconnected();
      }
      if (!keeps(Breach.CATCHES_EXCEPTIONS_ALONE)) {
        try {
          application.disconnected();
        } catch (RuntimeException e) {
          // Thrown by the contract.
        }
      }
      handle.left(how);
      application.disconnected();
    }

    @Override
    public void leave() {
      if (keeps(Breach.OVERLOOKS_CLIENTS_THAT_LEAVE)) {
        onLoop(() -> end(Departure.GOODBYE));
      }
    }

    @Override
    public void close() {
      onLoop(() -> end(Departure.SILENT));
    }

    @Override
    public void stall() {
      stalled = true;
    }

    @Override
    public void readSlowly() {
      slow = true;
    }

    @Override
    public void close(CloseManner manner, Duration within) {
      switch (manner) {
        case FORCE -> onLoop(this::force);
        case LET_GO -> onLoop(this::letGo);
      }
    }

    private void force() {
      boolean ignored =
          !keeps(Breach.IGNORES_FORCE) || (ending && !keeps(Breach.IGNORES_FORCE_AFTER_LET_GO));
      if (!ignored) {
        end(Departure.SILENT);
      }
    }

    /** A slow client sees the end later, and one that is stalled does nothing then. */
    private void letGo() {
      boolean asked = handle.sealed(); // else a message has come meanwhile
      if (asked && keeps(Breach.IGNORES_LET_GO)) {
        ending = true;
        if (!slow && !stalled) {
          end(Departure.SILENT);
        }
      }
    }

    @Override
    public boolean connected() {
      return open && (!ending || slow);
    }

    @Override
    public String id() {
      return Integer.toHexString(System.identityHashCode(this));
    }

    @Override
    public String transport() {
      return "memory";
    }

    @Override
    public boolean aware() {
      return false;
    }

    @Override
    public void hint(ReconnectHint hint) {}
  }
}
