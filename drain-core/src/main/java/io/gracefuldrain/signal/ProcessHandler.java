package io.gracefuldrain.signal;

import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.signal.Arrivals.Meaning;
import io.gracefuldrain.signal.OsSignal.NotTakenException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one handler of this process, for its one coordinator: it has the signals and a shutdown hook
 * while that is installed. Whatever comes first begins the one termination.
 */
final class ProcessHandler {
  static final ProcessHandler INSTANCE = new ProcessHandler();

  private static final SignalLog LOG = SignalLog.of(ProcessHandler.class);

  private final ReentrantLock lock = new ReentrantLock();
  // Everything below is guarded by the lock.
  private @Nullable Installation installed;
  private final Map<ExitSignal, OsSignal> taken = new EnumMap<>(ExitSignal.class);
  private Arrivals arrivals = new Arrivals();
  private @Nullable Thread hook;
  private @Nullable Termination termination;

  private ProcessHandler() {}

  // ---------------------------------------------------------------- installing

  void install(Installation installation) {
    Map<ExitSignal, String> missed = new EnumMap<>(ExitSignal.class);
    lock.lock();
    try {
      check(installation.coordinator());
      boolean first = installed == null;
      if (first) {
        addHook();
        takeSignals(missed);
      }
      installed = installation;
    } finally {
      lock.unlock();
    }
    tell(installation.pod(), missed);
    ProcessOne.INSTANCE.look();
  }

  private void check(DrainCoordinator coordinator) {
    if (termination != null) {
      throw ending(null);
    }
    Installation other = installed;
    if (other == null) {
      return;
    }
    if (has(coordinator)) {
      throw new IllegalStateException(
          "install: the coordinator of pod "
              + other.pod()
              + " is installed already (expected: once, until closed)");
    }
    if (other.coordinator().alive()) {
      throw new IllegalStateException(
          "install: another coordinator, of pod "
              + other.pod()
              + ", is installed (expected: one for each process, to which every server is"
              + " attached; or the other one closed)");
    }
  }

  private static IllegalStateException ending(@Nullable Throwable cause) {
    return new IllegalStateException(
        "install: the process is ending already (expected: before any signal or exit)", cause);
  }

  private boolean has(DrainCoordinator coordinator) {
    Installation current = installed;
    return current != null && current.coordinator() == coordinator;
  }

  private void takeSignals(Map<ExitSignal, String> missed) {
    for (ExitSignal signal : ExitSignal.values()) {
      try {
        taken.put(signal, OsSignal.take(signal, () -> arrived(signal)));
      } catch (NotTakenException e) {
        missed.put(signal, e.getMessage());
      }
    }
  }

  private void addHook() {
    Thread thread = new Thread(this::exiting, "drain-shutdown");
    try {
      Runtime.getRuntime().addShutdownHook(thread);
    } catch (IllegalStateException e) { // the JVM shuts down
      throw ending(e);
    }
    hook = thread;
  }

  private static void tell(String pod, Map<ExitSignal, String> missed) {
    String sigterm = missed.get(ExitSignal.SIGTERM);
    if (sigterm == null) {
      LOG.info("DRAIN-050 SIGTERM drains pod {} before shutdown hooks run", pod);
    } else {
      LOG.warn(
          "DRAIN-051 SIGTERM cannot be taken: {}; a shutdown hook drains pod {} instead, once the"
              + " code that has the signal calls System.exit",
          sigterm,
          pod);
    }
    String sigint = missed.get(ExitSignal.SIGINT);
    if (sigint != null && sigterm == null) {
      LOG.info("DRAIN-051 SIGINT cannot be taken: {}", sigint);
    }
    // nohup ignores it, and Windows has none.
    LOG.debug("Not taken: {}", missed);
  }

  void uninstall(Installation installation) {
    List<Runnable> lines = List.of();
    lock.lock();
    try {
      if (has(installation.coordinator()) && termination == null) {
        lines = remove();
      }
    } finally {
      lock.unlock();
    }
    lines.forEach(Runnable::run);
  }

  /** Called with the lock; returns what writes the log lines about it, to be run without it. */
  private List<Runnable> remove() {
    installed = null;
    List<Runnable> lines = new ArrayList<>();
    for (OsSignal signal : taken.values()) {
      Runnable line = signal.giveBack();
      if (line != null) {
        lines.add(line);
      }
    }
    taken.clear();
    arrivals = new Arrivals();
    Thread registered = hook;
    hook = null;
    if (registered != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(registered);
      } catch (IllegalStateException e) {
        lines.add(
            () ->
                LOG.debug(
                    "the JVM shuts down: the hook is running, and finds nothing to drain", e));
      }
    }
    return lines;
  }

  // ---------------------------------------------------------------- the end

  /**
   * A signal has arrived, on a thread that the JVM makes for each.
   *
   * @return false if nobody is installed any more
   */
  private boolean arrived(ExitSignal signal) {
    Meaning meaning;
    OsSignal source;
    Termination ending;
    boolean begins;
    lock.lock();
    try {
      source = taken.get(signal);
      Installation current = installed;
      if (source == null || current == null) {
        return false;
      }
      meaning = arrivals.arrived(signal, System.nanoTime());
      begins = termination == null;
      ending = ending(signal.name(), current);
    } finally {
      lock.unlock();
    }
    ending.leaveBy(signal, source);
    if (begins) {
      ending.begin(signal.reason());
    } else {
      switch (meaning) {
        case BEGINS, JOINS -> ending.join(signal);
        case FORCES -> ending.force(signal);
        case REPEATS -> LOG.info("DRAIN-053 Another {} changes nothing", signal);
        case REPEATS_AGAIN -> {}
      }
    }
    if (source.followsCopy()) {
      source.passOn(); // at once: both drain at the same time, since the platform ends both
    }
    return true;
  }

  /** The one termination; called with the lock. */
  private Termination ending(String cause, Installation current) {
    Termination ending = termination;
    if (ending == null) {
      ending = new Termination(cause, current);
      termination = ending;
    }
    return ending;
  }

  /** The JVM exits: its shutdown hook. What has not started has nothing to drain. */
  private void exiting() {
    Termination ending;
    boolean begins;
    lock.lock();
    try {
      Installation current = installed;
      begins = termination == null;
      if (current == null || (begins && current.coordinator().phase() == DrainPhase.STARTING)) {
        return;
      }
      ending = ending("Exit", current);
    } finally {
      lock.unlock();
    }
    CurrentWork.endLeases(Termination::exits); // what calls System.exit waits in it
    if (begins) {
      ending.begin(DrainReason.SHUTDOWN);
    }
    ending.awaitStopped();
  }

  /** The application closes, and the process may live on. */
  void shutDown(Installation installation) {
    Termination ending;
    boolean begins;
    lock.lock();
    try {
      if (!has(installation.coordinator())) {
        return;
      }
      begins = termination == null;
      ending = ending("Shutdown", installation);
    } finally {
      lock.unlock();
    }
    if (begins) {
      ending.begin(DrainReason.SHUTDOWN);
    }
    ending.awaitStopped();
    List<Runnable> lines = List.of();
    lock.lock();
    try {
      if (begins && !ending.leaves()) {
        termination = null;
        lines = remove();
      }
    } finally {
      lock.unlock();
    }
    lines.forEach(Runnable::run);
  }
}
