package io.gracefuldrain.signal;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.signal.Arrivals.Meaning;
import io.gracefuldrain.signal.OsSignal.NotTakenException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one handler of this process, for all coordinators installed: it takes the signals with the
 * first and gives them back with the last. Either it has SIGTERM or there is a shutdown hook, never
 * both.
 */
final class ProcessHandler {
  static final ProcessHandler INSTANCE = new ProcessHandler();

  private static final SignalLog LOG = SignalLog.of(ProcessHandler.class);

  private final ReentrantLock lock = new ReentrantLock();
  // Everything below is guarded by the lock.
  private final List<Installation> installed = new ArrayList<>();
  private final Map<ExitSignal, OsSignal> taken = new EnumMap<>(ExitSignal.class);
  private final Map<ExitSignal, String> notTaken = new EnumMap<>(ExitSignal.class);
  private final Arrivals arrivals = new Arrivals();
  private @Nullable Thread hook;
  private @Nullable Termination termination;

  private ProcessHandler() {}

  void install(Installation installation) {
    Map<ExitSignal, String> missed;
    lock.lock();
    try {
      check(installation.coordinator());
      if (installed.isEmpty()) {
        takeSignals();
      }
      installed.add(installation);
      missed = Map.copyOf(notTaken);
    } finally {
      lock.unlock();
    }
    tell(installation.pod(), missed);
  }

  private void check(DrainCoordinator coordinator) {
    for (Installation other : installed) {
      if (other.coordinator() == coordinator) {
        throw new IllegalStateException(
            "install: the coordinator of pod "
                + other.pod()
                + " is installed already (expected: once, until closed)");
      }
    }
    if (termination != null) {
      throw new IllegalStateException(
          "install: the process is ending already (expected: before any SIGTERM or SIGINT)");
    }
  }

  private void takeSignals() {
    notTaken.clear();
    for (ExitSignal signal : ExitSignal.values()) {
      try {
        taken.put(signal, OsSignal.take(signal, () -> arrived(signal)));
      } catch (NotTakenException e) {
        notTaken.put(signal, e.getMessage());
      }
    }
    if (notTaken.containsKey(ExitSignal.SIGTERM)) {
      giveSignalsBack();
      Thread thread = new Thread(new ShutdownDrain(this::installed), "drain-shutdown");
      Runtime.getRuntime().addShutdownHook(thread);
      hook = thread;
    }
  }

  private static void tell(String pod, Map<ExitSignal, String> missed) {
    String sigterm = missed.get(ExitSignal.SIGTERM);
    if (sigterm != null) {
      LOG.warn(
          "DRAIN-051 SIGTERM cannot be taken: {}; a shutdown hook drains pod {} instead, once"
              + " System.exit is called, which is up to whoever has the signal",
          sigterm,
          pod);
      return;
    }
    LOG.info("DRAIN-050 SIGTERM drains pod {} before shutdown hooks run", pod);
    String sigint = missed.get(ExitSignal.SIGINT);
    if (sigint != null) {
      LOG.info("DRAIN-051 SIGINT cannot be taken: {}", sigint);
    }
  }

  void uninstall(Installation installation) {
    lock.lock();
    try {
      if (installed.remove(installation) && installed.isEmpty() && termination == null) {
        giveSignalsBack();
        removeHook();
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveSignalsBack() {
    taken.values().forEach(OsSignal::giveBack);
    taken.clear();
  }

  private void removeHook() {
    Thread registered = hook;
    hook = null;
    if (registered != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(registered);
      } catch (IllegalStateException e) {
        LOG.debug("the JVM shuts down: the hook is running, and finds nothing to drain", e);
      }
    }
  }

  /**
   * A signal has arrived, on a thread that the JVM makes for each.
   *
   * @return false if nobody is installed any more
   */
  private boolean arrived(ExitSignal signal) {
    Meaning meaning;
    Termination ending;
    lock.lock();
    try {
      OsSignal source = taken.get(signal);
      if (source == null) {
        return false;
      }
      meaning = arrivals.arrived(signal, System.nanoTime());
      if (termination == null) {
        termination = new Termination(signal, source, List.copyOf(installed));
      }
      ending = termination;
    } finally {
      lock.unlock();
    }
    switch (meaning) {
      case BEGINS -> ending.start();
      case JOINS -> ending.join(signal);
      case FORCES -> ending.force(signal);
      case REPEATS -> LOG.info("DRAIN-053 Another {} changes nothing", signal);
      case REPEATS_AGAIN -> {}
    }
    return true;
  }

  private List<Installation> installed() {
    lock.lock();
    try {
      return List.copyOf(installed);
    } finally {
      lock.unlock();
    }
  }
}
