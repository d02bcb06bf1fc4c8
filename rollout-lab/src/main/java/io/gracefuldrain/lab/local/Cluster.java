package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import io.gracefuldrain.lab.report.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment and its Service. The controller creates and deletes pods, and the Service learns of
 * each change. One thread calls the methods; events of pods come on the threads of the pods.
 */
final class Cluster implements AutoCloseable {
  /** The events that an EndpointSlice shows. */
  private static final Set<MarkKind> SHOWN =
      EnumSet.of(
          MarkKind.CREATED, MarkKind.READY, MarkKind.UNREADY, MarkKind.DELETED, MarkKind.EXITED);

  private final LabPlan plan;
  private final Strategy strategy;
  private final Launcher launcher;
  private final FreePorts ports;
  private final Kubelet.Watcher watcher;
  private final Http http = new Http();
  private final Service service;
  private final Object news = new Object();
  private final List<Kubelet> pods = new ArrayList<>(); // guarded by news
  private final Set<String> routed = new HashSet<>(); // guarded by news
  private boolean fresh; // guarded by news
  private boolean closed; // guarded by news

  Cluster(
      LabPlan plan,
      Strategy strategy,
      Launcher launcher,
      FreePorts ports,
      Kubelet.Watcher watcher) {
    this.plan = plan;
    this.strategy = strategy;
    this.launcher = launcher;
    this.ports = ports;
    this.watcher = watcher;
    this.service =
        new Service(
            Treatment.of(strategy).publishesNotReady(),
            plan.propagation(),
            plan.surroundings(),
            plan.seed(),
            this::obeyed);
  }

  Service service() {
    return service;
  }

  List<Kubelet> pods() {
    synchronized (news) {
      return List.copyOf(pods);
    }
  }

  // ---------------------------------------------------------------- the controller

  /** Rolls out a generation, which is available when this returns. */
  void rollOut(String generation, Duration most) throws InterruptedException {
    await(
        "the rollout of " + generation,
        most,
        () -> {
          List<Scaling.Member> members = members(generation);
          if (plan.scaling().complete(members)) {
            return true;
          }
          Scaling.Step step = plan.scaling().next(members);
          step.delete().forEach(this::delete);
          for (int i = 0; i < step.create(); i++) {
            create(generation);
          }
          return false;
        });
  }

  private List<Scaling.Member> members(String generation) {
    return pods().stream()
        .filter(pod -> pod.runs() && !pod.terminating())
        .map(
            pod ->
                new Scaling.Member(
                    pod.spec().name(),
                    pod.spec().generation().equals(generation),
                    pod.endpoint().serving(),
                    pod.spec().order()))
        .toList();
  }

  private void create(String generation) {
    List<Kubelet> all = pods();
    long number =
        1 + all.stream().filter(pod -> pod.spec().generation().equals(generation)).count();
    PodSpec spec =
        new PodSpec(
            generation + "-" + number,
            generation,
            all.size(),
            ports.next(),
            ports.next(),
            strategy,
            plan.feedMs(),
            plan.grace(),
            plan.hold(),
            plan.surroundings().sidecarEndsAfter());
    Kubelet pod;
    synchronized (news) {
      if (closed) {
        throw new LabFailure("the experiment was ended"); // otherwise this pod would outlive it
      }
      pod = new Kubelet(spec, launcher, http, this::happened, sidecar(spec));
      pods.add(pod);
    }
    pod.start();
  }

  private @Nullable Sidecar sidecar(PodSpec pod) {
    if (pod.sidecarEndsAfter() == null) {
      return null;
    }
    Sidecar sidecar = new Sidecar(pod.name(), ports.next(), pod.port());
    sidecar.start();
    return sidecar;
  }

  private void delete(String name) {
    pods().stream().filter(pod -> pod.spec().name().equals(name)).forEach(Kubelet::delete);
  }

  // ---------------------------------------------------------------- the news

  private void happened(PodSpec pod, Mark mark) {
    watcher.happened(pod, mark);
    synchronized (news) {
      fresh = true;
      news.notifyAll();
      if (SHOWN.contains(mark.kind())) {
        // Inside the lock, so that the Service learns of changes in their order.
        service.changed(pods.stream().filter(Kubelet::runs).map(Kubelet::endpoint).toList());
      }
    }
  }

  /** The Service routes to these endpoints from now on. */
  private void obeyed(List<Endpoint> eligible) {
    List<Runnable> changes = new ArrayList<>();
    synchronized (news) {
      for (Kubelet pod : pods) {
        String name = pod.spec().name();
        boolean in = eligible.stream().anyMatch(endpoint -> endpoint.pod().equals(name));
        if (in ? routed.add(name) : routed.remove(name)) {
          changes.add(() -> pod.routed(in));
        }
      }
    }
    changes.forEach(Runnable::run);
  }

  /** Waits until the Service routes to this many pods. */
  void awaitRouted(int count, Duration most) throws InterruptedException {
    await(
        "a Service that leads to " + count + " pods",
        most,
        () -> {
          synchronized (news) {
            return routed.size() == count;
          }
        });
  }

  /** Waits until all pods of a generation have ended. */
  void awaitGone(String generation, Duration most) throws InterruptedException {
    await(
        "the end of " + generation,
        most,
        () ->
            pods().stream()
                .filter(pod -> pod.spec().generation().equals(generation))
                .noneMatch(Kubelet::runs));
  }

  /** Checks the condition whenever something has happened. */
  private void await(String what, Duration most, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      synchronized (news) {
        fresh = false;
      }
      pods().forEach(Kubelet::check);
      if (condition.getAsBoolean()) {
        return;
      }
      synchronized (news) {
        if (!fresh) {
          news.wait(1_000); // a pod that could not start has no mark
        }
      }
      if (System.nanoTime() - end > 0) {
        throw new LabFailure("not within " + most.toSeconds() + " s: " + what);
      }
    }
  }

  // ---------------------------------------------------------------- the end

  /** Ends the remaining pods and reads the rest of their output. */
  void dismiss(Duration most) throws InterruptedException {
    for (Kubelet pod : pods()) {
      pod.dismiss();
    }
    for (Kubelet pod : pods()) {
      pod.awaitDismissed(most);
    }
  }

  @Override
  public void close() {
    synchronized (news) {
      closed = true;
    }
    pods().forEach(Kubelet::close);
    service.close();
  }
}
