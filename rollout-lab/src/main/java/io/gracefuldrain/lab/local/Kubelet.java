package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.local.Treatment.PreStop;
import io.gracefuldrain.lab.process.DaemonThreads;
import io.gracefuldrain.lab.process.PodProcess;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import io.gracefuldrain.lab.report.PodLane;
import io.gracefuldrain.lab.report.PodLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Does what the kubelet does for one pod, in its order: the container and postStart, the startup
 * probe, then the readiness probe while the container runs. When the pod is deleted: preStop,
 * SIGTERM and SIGKILL within one grace period. Thread-safe.
 */
final class Kubelet implements AutoCloseable {
  private static final Duration STARTUP_PERIOD = Duration.ofSeconds(1);
  private static final int STARTUP_FAILURES = 60;
  private static final Duration READINESS_PERIOD = Duration.ofSeconds(2);
  private static final int READINESS_FAILURES = 2;
  private static final Duration POST_START_PERIOD = Duration.ofMillis(250);

  /** Receives all events, on the thread that caused them. */
  interface Watcher {
    void happened(PodSpec pod, Mark mark);
  }

  private final PodSpec spec;
  private final Treatment treatment;
  private final Http http;
  private final Watcher watcher;
  private final PodLog log = new PodLog();
  private final Grace grace;
  private final @Nullable Sidecar sidecar;
  private final PodProcess container;
  private final Thread life;
  private @Nullable Thread end; // guarded by this
  private final List<Mark> marks = new ArrayList<>(); // guarded by this
  private boolean serving; // guarded by this
  private boolean terminating; // guarded by this
  private @Nullable Integer exitCode; // guarded by this
  private volatile @Nullable String failure;

  /**
   * @param sidecar what carries the connections of its clients, or null if nothing does
   */
  Kubelet(PodSpec spec, Launcher launcher, Http http, Watcher watcher, @Nullable Sidecar sidecar) {
    this.spec = spec;
    this.treatment = Treatment.of(spec.strategy());
    this.http = http;
    this.watcher = watcher;
    this.sidecar = sidecar;
    this.grace = new Grace(spec.grace());
    this.container = new PodProcess(spec.name(), launcher.start(spec), log::read, this::exited);
    this.life = DaemonThreads.named("lab-kubelet-" + spec.name()).newThread(this::live);
  }

  /** Begins to look after the pod; its process runs already. */
  void start() {
    mark(MarkKind.CREATED, spec.generation());
    mark(MarkKind.STARTED, "");
    container.start();
    life.start();
  }

  PodSpec spec() {
    return spec;
  }

  // ---------------------------------------------------------------- its life

  private void live() {
    try {
      if (treatment.holdsStart()) {
        mark(MarkKind.POST_START_BEGAN, "");
        awaitStarted(POST_START_PERIOD);
        mark(MarkKind.POST_START_ENDED, "");
      }
      awaitStarted(STARTUP_PERIOD);
      mark(MarkKind.UP, "");
      ProbeCount readiness = new ProbeCount(READINESS_FAILURES);
      while (container.alive()) {
        if (readiness.answered(http.probe(spec.management("/readyz")))) {
          serving(readiness.good());
        }
        container.await(READINESS_PERIOD);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (LabFailure e) {
      failure = e.getMessage();
    }
  }

  /** The limit of the startup probe also holds for a postStart that polls. */
  private void awaitStarted(Duration period) throws InterruptedException {
    long end = System.nanoTime() + STARTUP_PERIOD.multipliedBy(STARTUP_FAILURES).toNanos();
    while (container.alive() && !http.probe(spec.management("/startupz"))) {
      if (System.nanoTime() - end > 0) {
        throw new LabFailure(
            "pod " + spec.name() + " did not start within " + STARTUP_FAILURES + " s");
      }
      container.await(period);
    }
  }

  private void serving(boolean good) {
    synchronized (this) {
      if (exitCode != null) {
        return; // the answer of the probe came after the end of the pod
      }
      serving = good;
    }
    mark(good ? MarkKind.READY : MarkKind.UNREADY, "");
  }

  private void exited(int code) {
    synchronized (this) {
      exitCode = code;
      serving = false;
      if (!terminating) {
        failure =
            "pod %s ended on its own with exit code %s; it wrote last:\n%s"
                .formatted(spec.name(), code, container.lastLines());
      }
    }
    mark(MarkKind.EXITED, String.valueOf(code));
  }

  // ---------------------------------------------------------------- its end

  /** Deletes the pod, which is terminating when this returns. */
  void delete() {
    synchronized (this) {
      if (terminating) {
        return;
      }
      terminating = true;
      end = DaemonThreads.named("lab-kubelet-end-" + spec.name()).newThread(this::terminate);
      end.start();
    }
    mark(MarkKind.DELETED, "");
    // It has no hook of its own, so its SIGTERM comes with the deletion, beside the pod's preStop.
    if (sidecar != null && spec.sidecarEndsAfter() != null) {
      sidecar.endAfter(spec.sidecarEndsAfter(), () -> mark(MarkKind.SIDECAR_ENDED, ""));
    }
  }

  private void terminate() {
    try {
      long began = System.nanoTime();
      if (treatment.preStop() != PreStop.NOTHING) {
        mark(MarkKind.PRE_STOP_BEGAN, "");
        mark(MarkKind.PRE_STOP_ENDED, preStop());
      }
      Duration preStop = Duration.ofNanos(System.nanoTime() - began);
      container.terminate();
      mark(MarkKind.SIGTERM, "");
      if (!container.await(grace.afterSigterm(preStop))) {
        container.kill();
        mark(MarkKind.SIGKILL, "");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String preStop() throws InterruptedException {
    if (treatment.preStop() == PreStop.DRAIN) {
      return http.hook(spec.management("/hooks/pre-stop"), grace.forPreStop());
    }
    Duration sleep =
        spec.hold().compareTo(grace.forPreStop()) < 0 ? spec.hold() : grace.forPreStop();
    container.await(sleep);
    return "slept " + sleep.toMillis() + " ms";
  }

  /** Stops a pod that has done its part; this is no part of the rollout. */
  void dismiss() {
    synchronized (this) {
      terminating = true;
    }
    container.terminate();
  }

  /** Waits for the end of the pod and its output, and kills it if that takes too long. */
  void awaitDismissed(Duration most) throws InterruptedException {
    if (!container.await(most)) {
      container.kill();
    }
    container.awaitOutput();
  }

  @Override
  public void close() {
    life.interrupt();
    synchronized (this) {
      terminating = true;
      if (end != null) {
        end.interrupt();
      }
    }
    container.close();
    if (sidecar != null) {
      sidecar.close();
    }
  }

  // ---------------------------------------------------------------- its state

  private void mark(MarkKind kind, String note) {
    Mark mark = new Mark(kind, System.currentTimeMillis(), note);
    synchronized (this) {
      marks.add(mark);
    }
    watcher.happened(spec, mark);
  }

  /** The Service has added or removed it. */
  void routed(boolean in) {
    mark(in ? MarkKind.IN_SERVICE : MarkKind.OUT_OF_SERVICE, "");
  }

  /**
   * Checks that all is well.
   *
   * @throws LabFailure if it has ended unasked, or could not start
   */
  void check() {
    String why = failure;
    if (why != null) {
      throw new LabFailure(why);
    }
  }

  /** Whether its container still runs. */
  synchronized boolean runs() {
    return exitCode == null;
  }

  synchronized Endpoint endpoint() {
    int port = sidecar == null ? spec.port() : sidecar.port();
    return new Endpoint(spec.name(), port, serving, terminating);
  }

  synchronized boolean terminating() {
    return terminating;
  }

  PodLog log() {
    return log;
  }

  synchronized PodLane lane() {
    List<Mark> all =
        Stream.concat(marks.stream(), log.phases().stream())
            .sorted(Comparator.comparingLong(Mark::atMs))
            .toList();
    return new PodLane(spec.name(), spec.generation(), all, exitCode);
  }
}
