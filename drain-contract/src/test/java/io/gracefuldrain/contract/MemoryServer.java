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
import java.util.function.BooleanSupplier;

/** The smallest adapter: its clients are objects, and one thread serves them all. */
final class MemoryServer implements ContractServer {
  private final DrainCoordinator coordinator;
  private final ContractApplication application;
  private final boolean asksTheGate;
  private final ExecutorService loop =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "memory-server"));

  /** One that asks whether it may admit a client, or one that does not. */
  MemoryServer(DrainCoordinator coordinator, ContractApplication application, boolean asksTheGate) {
    this.coordinator = coordinator;
    this.application = application;
    this.asksTheGate = asksTheGate;
  }

  @Override
  public ContractClient connect() throws IOException {
    if (asksTheGate && !coordinator.admit(null)) {
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
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The server has stopped.
    }
  }

  /** Both ends of a connection. */
  private final class Connection implements DrainableConnection, ContractClient {
    private final ConnectionHandle handle;
    private volatile boolean open = true;
    private volatile boolean stalled;

    Connection(ConnectionHandle handle) {
      this.handle = handle;
      var unused = handle.tryEnter();
    }

    private void welcome() {
      try {
        application.connected(handle);
      } finally {
        handle.exit();
      }
    }

    @Override
    public void send() {
      onLoop(
          () -> {
            if (handle.tryEnter() || (open && handle.tryEnterLate())) {
              try {
                application.message(handle);
              } finally {
                handle.exit();
              }
            }
          });
    }

    private void end(Departure how) {
      endIf(() -> true, how);
    }

    private void endIf(BooleanSupplier condition, Departure how) {
      onLoop(
          () -> {
            if (open && condition.getAsBoolean()) {
              open = false;
              handle.left(how);
              application.disconnected();
            }
          });
    }

    @Override
    public void leave() {
      end(Departure.GOODBYE);
    }

    @Override
    public void close() {
      end(Departure.SILENT);
    }

    @Override
    public void stall() {
      stalled = true;
    }

    /** Lets go of a client by asking it to close its side. */
    @Override
    public void close(CloseManner manner, Duration within) {
      if (manner == CloseManner.FORCE) {
        end(Departure.SILENT);
      } else if (!stalled) {
        endIf(handle::sealed, Departure.SILENT); // else a message has come meanwhile
      }
    }

    @Override
    public boolean connected() {
      return open;
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
