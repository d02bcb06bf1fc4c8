package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.report.Commentary;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import io.gracefuldrain.lab.report.PodLane;
import io.gracefuldrain.lab.report.Receipt;
import io.gracefuldrain.lab.report.SessionLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches the pods of an application: their status, their EndpointSlices, the events of the
 * cluster, and their logs, beginning with the first line. Thread-safe.
 */
final class ClusterWatch implements AutoCloseable {
  private static final int LOOK_MS = 100;
  private static final Duration LAST_LINES = Duration.ofSeconds(10);

  private final Kubectl kubectl;
  private final String app;
  private final Commentary commentary;
  private final PodHistory pods = new PodHistory();
  private final SliceHistory slices = new SliceHistory();
  private final Map<String, PodLines> outputs = new ConcurrentHashMap<>();
  private final Map<String, List<Mark>> notes = new HashMap<>(); // guarded by its own lock
  private final List<FollowedProcess> watches = new ArrayList<>();
  private final ConcurrentLinkedQueue<FollowedProcess> logFollowers = new ConcurrentLinkedQueue<>();

  /**
   * Begins to watch.
   *
   * @param app the value of the label {@code app} of its pods, and the name of its Service
   */
  ClusterWatch(Kubectl kubectl, String app, Commentary commentary) {
    this.kubectl = kubectl;
    this.app = app;
    this.commentary = commentary;
    watches.add(watch("pods", "app=" + app, this::podChanged));
    watches.add(
        watch(
            "endpointslices",
            "kubernetes.io/service-name=" + app,
            event -> slices.read(event, System.currentTimeMillis())));
    watches.add(watch("events", "", this::eventCame));
  }

  private FollowedProcess watch(String what, String labels, Consumer<JsonNode> consumer) {
    return FollowedProcess.ofObjects(
        "the watch of " + what,
        kubectl.command(
            "get", what, "--selector", labels, "--watch", "--output-watch-events", "-o", "json"),
        consumer);
  }

  private void podChanged(JsonNode event) {
    PodHistory.News news = pods.read(event, System.currentTimeMillis());
    news.marks().forEach(mark -> commentary.happened(news.pod(), mark));
    if (news.has(MarkKind.STARTED)) {
      followLog(news.pod());
    }
  }

  private void eventCame(JsonNode event) {
    String pod = PodEvents.pod(event);
    if (pod.startsWith(app + "-")) {
      PodEvents.mark(event, System.currentTimeMillis()).ifPresent(mark -> note(pod, mark));
    }
  }

  private void note(String pod, Mark mark) {
    synchronized (notes) {
      notes.computeIfAbsent(pod, any -> new ArrayList<>()).add(mark);
    }
  }

  private void followLog(String pod) {
    PodLines output = new PodLines();
    outputs.put(pod, output);
    logFollowers.add(
        FollowedProcess.ofLines(
            "the log of " + pod,
            kubectl.command("logs", "--follow", "--timestamps", pod),
            output::read));
  }

  PodHistory pods() {
    return pods;
  }

  Set<String> routed() {
    return slices.routed();
  }

  /** Checks the condition again and again until it holds. */
  void await(String what, Duration most, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      watches.forEach(watch -> watch.check(true));
      if (System.nanoTime() - end > 0) {
        throw new LabFailure("not within " + most.toSeconds() + " s: " + what);
      }
      Thread.sleep(LOOK_MS);
    }
  }

  /** Waits until every log has been read to its end. */
  void awaitLogs() throws InterruptedException {
    for (FollowedProcess follower : logFollowers) {
      if (!follower.await(LAST_LINES)) {
        commentary.say("a log goes on after its pod has gone");
      }
    }
  }

  List<PodLane> lanes() {
    return pods.pods().stream().map(this::lane).toList();
  }

  private PodLane lane(PodHistory.Pod pod) {
    List<Mark> noted;
    synchronized (notes) {
      noted = List.copyOf(notes.getOrDefault(pod.name(), List.of()));
    }
    PodLines output = outputs.get(pod.name());
    List<Mark> marks =
        Stream.of(
                pod.marks(),
                slices.marks(pod.name()),
                noted,
                output == null ? List.<Mark>of() : output.marks())
            .flatMap(List::stream)
            .sorted(Comparator.comparingLong(Mark::atMs))
            .toList();
    return new PodLane(pod.name(), pod.generation(), marks, pod.exitCode());
  }

  List<SessionLine> sessions() {
    return outputs.values().stream().flatMap(output -> output.sessions().stream()).toList();
  }

  /** The receipts of these pods. */
  List<Receipt> receipts(Set<String> names) {
    return outputs.entrySet().stream()
        .filter(each -> names.contains(each.getKey()))
        .flatMap(each -> each.getValue().receipts().stream())
        .toList();
  }

  /** The images that the pods ran, as the nodes report them. */
  String images() {
    return pods.pods().stream()
        .map(PodHistory.Pod::image)
        .filter(image -> !image.isEmpty())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    watches.forEach(FollowedProcess::close);
    logFollowers.forEach(FollowedProcess::close);
  }
}
