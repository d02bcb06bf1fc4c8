package io.gracefuldrain.sample.demo;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.process.DaemonThreads;
import io.gracefuldrain.sample.front.PodAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The pods, and the rollouts that replace one generation by the next. All new pods are ready before
 * any old one is told to end, so that every client moves once. One thread runs the steps;
 * everything else is thread-safe.
 */
final class Demo implements AutoCloseable {
  /** Longer than any drain: the pod's own watchdog ends the process earlier. */
  private static final Duration DRAIN = Duration.ofSeconds(60);

  private static final Duration RESTART_AFTER = Duration.ofSeconds(1);
  private static final int RESTARTS = 5;
  private static final Duration LAST_BREATH = Duration.ofSeconds(2);

  private final Class<?> main;
  private final Places places;
  private final Consumer<String> journal;
  private final Consumer<String> output;
  private final Control control;
  private final ScheduledExecutorService steps =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("demo-rollout"));

  // Written under this.
  private Status.State state = Status.State.STARTING;
  private String message = "The first pods are coming up.";
  private int generation = 1;
  private int rollouts;
  private int restartsLeft = RESTARTS;
  private final List<Pod> serving = new CopyOnWriteArrayList<>();
  private final List<Pod> others = new CopyOnWriteArrayList<>(); // pods that start or end

  /**
   * @param main the class whose {@code serve} is a pod
   * @param journal told what happens, in sentences for people
   * @param output told every line of every pod
   */
  Demo(Class<?> main, Places places, Consumer<String> journal, Consumer<String> output)
      throws IOException {
    this.main = main;
    this.places = places;
    this.journal = journal;
    this.output = output;
    this.control = new Control(this::status, this::rollout);
  }

  /**
   * Starts the first pods and waits until they are ready.
   *
   * @throws CannotStart if one does not become ready
   */
  void start() throws InterruptedException {
    control.start();
    Places.requireFree(places.of(1));
    Places.requireFree(places.of(2));
    List<Pod> pods = launch(1);
    places.awaitReady(pods);
    become(Status.State.IDLE, "v1 serves.", () -> serve(pods));
  }

  synchronized Status status() {
    return new Status(
        true,
        state,
        "v" + generation,
        rollouts,
        message,
        Stream.concat(serving.stream(), others.stream()).map(Pod::state).toList());
  }

  /** Begins a rollout, or gives the reason why it cannot. */
  synchronized Optional<String> rollout() {
    if (state != Status.State.IDLE) {
      return Optional.of("a rollout cannot begin now: " + message);
    }
    state = Status.State.LAUNCHING;
    message = "v" + (generation + 1) + " is coming up; v" + generation + " serves.";
    steps.execute(this::roll);
    return Optional.empty();
  }

  private void roll() {
    int next = generation + 1;
    journal.accept("rollout: v" + next + " is coming up");
    List<Pod> pods;
    try {
      Places.requireFree(places.of(next));
      pods = launch(next);
      places.awaitReady(pods);
    } catch (RuntimeException e) { // the demo survives every failure
      others.forEach(Pod::close);
      become(
          Status.State.IDLE,
          "The rollout to v" + next + " failed, v" + (next - 1) + " serves on: " + e.getMessage(),
          others::clear);
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the demo ends
      return;
    }
    List<Pod> old = List.copyOf(serving);
    places.withdraw(old);
    become(
        Status.State.DRAINING,
        "v" + next + " is ready; v" + (next - 1) + " lets its clients go.",
        () -> {
          generation = next;
          serve(pods);
          others.addAll(old);
        });
    old.forEach(Pod::terminate);
    try {
      for (Pod pod : old) {
        if (!pod.await(DRAIN)) {
          journal.accept(pod.name() + " did not end within " + DRAIN.toSeconds() + " s: killed");
          pod.close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    become(
        Status.State.IDLE,
        "v" + next + " serves; v" + (next - 1) + " is gone.",
        () -> {
          others.removeAll(old);
          rollouts++;
          restartsLeft = RESTARTS;
        });
  }

  // ---------------------------------------------------------------- pods

  private List<Pod> launch(int generation) {
    List<Pod> pods = new ArrayList<>();
    List<PodAddress> addresses = places.of(generation);
    for (int i = 0; i < addresses.size(); i++) {
      pods.add(
          launch("v" + generation + "-" + (char) ('a' + i), "v" + generation, addresses.get(i)));
    }
    return pods;
  }

  /** Under the lock, so that no pod starts once the demo ends. */
  private synchronized Pod launch(String name, String generation, PodAddress address) {
    Map<String, String> link =
        Map.of("SAMPLE_DEMO_ADDRESS", control.address(), "SAMPLE_DEMO_TOKEN", control.token());
    if (state == Status.State.STOPPED) {
      throw new CannotStart("the demo has been stopped");
    }
    Pod pod = Pod.launch(main, name, generation, address, link, this::wrote, this::exited);
    others.add(pod);
    places.admit(address);
    return pod;
  }

  private void serve(List<Pod> pods) {
    serving.clear();
    serving.addAll(pods);
    others.removeAll(pods);
  }

  private void become(Status.State next, String sentence, Runnable change) {
    synchronized (this) {
      if (state == Status.State.STOPPED) {
        return;
      }
      change.run();
      state = next;
      message = sentence;
    }
    journal.accept(sentence);
  }

  private void wrote(Pod pod, String line) {
    output.accept(pod.name() + " | " + line);
    PodNews.News news = PodNews.of(line);
    if (news != null) {
      if (news.phase() != null) {
        pod.phase(news.phase());
      }
      journal.accept(pod.name() + "  " + news.text());
    }
  }

  /** Called by a thread of the pod's: its output has ended. */
  private void exited(Pod pod, int exitCode) {
    synchronized (this) {
      if (state == Status.State.STOPPED) {
        return;
      }
      if (!pod.told() && serving.contains(pod)) {
        schedule(() -> restart(pod));
      }
    }
    journal.accept(pod.name() + "  ended with exit code " + exitCode);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // restart() says what fails
  private void schedule(Runnable step) {
    steps.schedule(step, RESTART_AFTER.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One of the steps, so never in the middle of a rollout. */
  private void restart(Pod crashed) {
    String sentence;
    synchronized (this) {
      if (!serving.contains(crashed) || state == Status.State.STOPPED) {
        return; // a rollout has replaced it
      }
      sentence = restarted(crashed);
      message = sentence;
    }
    journal.accept(sentence);
  }

  private String restarted(Pod crashed) {
    if (restartsLeft-- <= 0) {
      return crashed.name() + " crashed too often and is left down; a rollout replaces it.";
    }
    try {
      Places.requireFree(List.of(crashed.address()));
      Pod pod = launch(crashed.name(), crashed.generation(), crashed.address());
      serving.set(serving.indexOf(crashed), pod);
      others.remove(pod);
      return pod.name() + " crashed and was started again.";
    } catch (CannotStart e) {
      schedule(() -> restart(crashed));
      return crashed.name() + " crashed and cannot be started again yet: " + e.getMessage();
    }
  }

  /** Ends every pod at once and without a drain: clients have nowhere to go. Bounded. */
  @Override
  public void close() {
    synchronized (this) {
      if (state == Status.State.STOPPED) {
        return;
      }
      state = Status.State.STOPPED;
      message = "The demo has ended.";
    }
    steps.shutdownNow();
    List<Pod> pods = Stream.concat(serving.stream(), others.stream()).toList();
    pods.forEach(Pod::close);
    control.close();
    places.close();
    try {
      for (Pod pod : pods) {
        pod.await(LAST_BREATH);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they are killed; only their end was not awaited
    }
  }
}
