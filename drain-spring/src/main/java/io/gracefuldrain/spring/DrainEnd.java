package io.gracefuldrain.spring;

import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.Drain;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.signal.DrainSignals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Drains at the end, whatever ends the application, and before anything of it ends. A signal is
 * taken before the JVM's shutdown hooks run. All else closes the context: the first listener of
 * that drains, and returns when all is drained. Only then do executors refuse, the web server stop
 * and beans end.
 */
final class DrainEnd
    implements ApplicationListener<ContextClosedEvent>,
        PriorityOrdered,
        InitializingBean,
        DisposableBean,
        DrainListener {
  /** How long a drain may take before Devtools starts the application anew. */
  static final Duration RESTART = Duration.ofSeconds(2);

  private static final Duration SLACK = Duration.ofSeconds(1);
  private static final String DEVTOOLS =
      "org.springframework.boot.devtools.restart.classloader.RestartClassLoader";
  private static final Logger LOG = LoggerFactory.getLogger(DrainEnd.class);

  private final ConfigurableApplicationContext owner;
  private final DrainCoordinator coordinator;
  private final ObjectProvider<ServersOfContext> servers;
  private final boolean takesSignals;
  private final boolean inKubernetes;
  private final PhaseTimeouts timeouts;
  private @Nullable DrainSignals signals; // set while one thread makes the beans

  DrainEnd(
      ConfigurableApplicationContext owner,
      DrainCoordinator coordinator,
      ObjectProvider<ServersOfContext> servers,
      boolean takesSignals) {
    this.owner = owner;
    this.coordinator = coordinator;
    this.servers = servers;
    this.takesSignals = takesSignals;
    this.inKubernetes = owner.getEnvironment().getProperty("KUBERNETES_SERVICE_HOST") != null;
    this.timeouts = new PhaseTimeouts(coordinator, System::nanoTime);
  }

  /** Before executors refuse and the web server stops, which are listeners, too. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public void afterPropertiesSet() {
    timeouts.check(owner.getEnvironment());
    coordinator.addListener(this);
    if (!takesSignals) {
      return;
    }
    try {
      signals = DrainSignals.install(coordinator);
    } catch (IllegalStateException e) {
      LOG.info(
          "DRAIN-081 signals do not drain pod {}: {}. It drains when its context closes",
          coordinator.policy().pod(),
          jvmEnds() ? "the process was asked to end in the middle of its start" : e.getMessage());
    }
  }

  private static boolean jvmEnds() {
    try {
      Runtime.getRuntime().removeShutdownHook(new Thread());
      return false;
    } catch (IllegalStateException e) { // no hook can be removed any more
      return true;
    }
  }

  // ---------------------------------------------------------------- the end

  /** A closing child is of no concern unless its servers have clients: then the pod ends. */
  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    ApplicationContext closing = event.getApplicationContext();
    boolean concerned = closing == owner || servers.stream().anyMatch(each -> each.runIn(closing));
    if (!concerned || !coordinator.alive()) {
      timeouts.join(closing);
      return;
    }
    if (nothingToWaitFor()) {
      closeSignals();
      return;
    }
    drain();
    timeouts.limit(closing);
  }

  /**
   * Whether the end needs no drain: nothing is connected and no work goes on, in a process that no
   * platform leads clients to, or that has not told anybody yet that it is ready.
   */
  private boolean nothingToWaitFor() {
    DrainPhase phase = coordinator.phase();
    boolean unknown =
        phase == DrainPhase.STARTING || (phase == DrainPhase.SERVING && !inKubernetes);
    return unknown && idle(coordinator.report());
  }

  private static boolean idle(DrainReport report) {
    return report.connections() == 0 && report.workInFlight() == 0;
  }

  private void drain() {
    CurrentWork.endLeases(); // what asks for the end is not waited for: it waits itself
    OwnHandler handler = OwnHandler.ofThisThread(coordinator);
    try {
      Drain drain = coordinator.drain(DrainReason.SHUTDOWN);
      if (restarts()) {
        drain.within(RESTART);
      }
      if (handler != null) {
        handler.limits(drain);
      }
      DrainSignals ours = signals;
      if (ours != null) {
        ours.shutDown();
      } else {
        drain
            .done()
            .toCompletableFuture()
            .get(drain.deadline().plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the rest of the time does not belong to us
    } catch (TimeoutException | ExecutionException | IllegalStateException e) {
      LOG.warn(
          "DRAIN-082 pod {} ends, and its drain is not done: {}",
          coordinator.policy().pod(),
          e.toString());
    } finally {
      if (handler != null) {
        coordinator.removeListener(handler);
      }
    }
  }

  private boolean restarts() {
    ClassLoader loader = owner.getClassLoader();
    return loader != null && loader.getClass().getName().equals(DEVTOOLS);
  }

  private void closeSignals() {
    DrainSignals ours = signals;
    if (ours != null) {
      ours.close();
    }
  }

  /**
   * The context has closed. Or it could not start, and nobody is told of its end. This is among the
   * first beans to go then, so what has begun already is drained with most others alive.
   */
  @Override
  public void destroy() {
    if (coordinator.alive() && !coordinator.phase().draining() && !nothingToWaitFor()) {
      drain();
    }
    coordinator.removeListener(this);
    closeSignals();
  }

  // ---------------------------------------------------------------- signals

  /** On a machine without Kubernetes, an end that nobody is connected to need not wait. */
  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    List<DrainReason> reasons = report.reasons();
    if (to != DrainPhase.UNREADY || inKubernetes || reasons.isEmpty() || !idle(report)) {
      return;
    }
    DrainReason last = reasons.get(reasons.size() - 1);
    if (last.terminates() && last != DrainReason.PRE_STOP) {
      try {
        coordinator.drain(last).within(Duration.ZERO);
      } catch (IllegalStateException e) {
        LOG.debug("the coordinator was closed meanwhile", e);
      }
    }
  }
}
