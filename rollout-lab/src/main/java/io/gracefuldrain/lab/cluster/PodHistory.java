package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The pods, as a watch reports them: the history of each, and its present state. Thread-safe. */
final class PodHistory {
  private static final int KILLED = 137;

  /**
   * The present state of a pod.
   *
   * @param generation the hash of its template
   * @param exitCode the exit code of its container, once that has ended for good
   * @param restarts how often its container was restarted
   * @param gone whether it no longer exists
   */
  record Pod(
      String name,
      String generation,
      String node,
      String image,
      boolean ready,
      boolean terminating,
      boolean gone,
      int restarts,
      @Nullable Integer exitCode,
      List<Mark> marks) {
    Pod {
      marks = List.copyOf(marks);
    }

    boolean serves() {
      return ready && !terminating && !gone;
    }
  }

  /** The changes that an event has brought. */
  record News(String pod, List<Mark> marks) {
    boolean has(MarkKind kind) {
      return marks.stream().anyMatch(mark -> mark.kind() == kind);
    }
  }

  private final Map<String, Pod> pods = new LinkedHashMap<>();

  /**
   * Reads an event of {@code kubectl get pods --watch -o json --output-watch-events}.
   *
   * @param atMs when it came, in milliseconds since the epoch
   */
  synchronized News read(JsonNode event, long atMs) {
    JsonNode metadata = event.path("object").path("metadata");
    JsonNode status = event.path("object").path("status");
    JsonNode container = status.path("containerStatuses").path(0);
    JsonNode state = container.path("state");
    String name = metadata.path("name").asText();
    @Nullable Pod before = pods.get(name);
    if (before != null && before.gone()) {
      return new News(name, List.of());
    }
    boolean gone = event.path("type").asText().equals("DELETED");
    boolean terminating = gone || metadata.has("deletionTimestamp");
    boolean ready = container.path("ready").asBoolean();
    int restarts = container.path("restartCount").asInt();
    @Nullable Integer exitCode = before == null ? null : before.exitCode();
    List<Mark> news = new ArrayList<>();
    if (before == null) {
      news.add(new Mark(MarkKind.CREATED, atMs, ""));
    }
    once(before, news, state.has("running"), MarkKind.STARTED, atMs);
    once(before, news, container.path("started").asBoolean(), MarkKind.UP, atMs);
    boolean wasReady = before != null && before.ready();
    if (ready != wasReady && !(wasReady && state.has("terminated"))) {
      news.add(new Mark(ready ? MarkKind.READY : MarkKind.UNREADY, atMs, ""));
    }
    once(before, news, terminating, MarkKind.DELETED, atMs);
    if (restarts > (before == null ? 0 : before.restarts())) {
      String code = container.path("lastState").path("terminated").path("exitCode").asText("?");
      news.add(new Mark(MarkKind.EVENT, atMs, "container restarted, it had exited with " + code));
    }
    if (exitCode == null && terminating && state.path("terminated").has("exitCode")) {
      exitCode = state.path("terminated").path("exitCode").asInt();
      if (exitCode == KILLED) {
        news.add(new Mark(MarkKind.SIGKILL, atMs, ""));
      }
      news.add(new Mark(MarkKind.EXITED, atMs, String.valueOf(exitCode)));
    } else if (gone && exitCode == null) {
      news.add(new Mark(MarkKind.EXITED, atMs, "?"));
    }
    List<Mark> marks = new ArrayList<>(before == null ? List.of() : before.marks());
    marks.addAll(news);
    pods.put(
        name,
        new Pod(
            name,
            metadata.path("labels").path("pod-template-hash").asText(),
            event.path("object").path("spec").path("nodeName").asText(),
            container.path("imageID").asText(),
            ready,
            terminating,
            gone,
            restarts,
            exitCode,
            marks));
    return new News(name, news);
  }

  private static void once(
      @Nullable Pod before, List<Mark> news, boolean holds, MarkKind kind, long atMs) {
    boolean had = before != null && before.marks().stream().anyMatch(mark -> mark.kind() == kind);
    if (holds && !had) {
      news.add(new Mark(kind, atMs, ""));
    }
  }

  /** All pods, in the order in which they came. */
  synchronized List<Pod> pods() {
    return List.copyOf(pods.values());
  }

  List<Pod> pods(Predicate<Pod> which) {
    return pods().stream().filter(which).toList();
  }

  /** The pods that may receive new connections. */
  List<Pod> serving() {
    return pods(Pod::serves);
  }

  /** Whether any pod is terminating. */
  boolean ends() {
    return !pods(pod -> pod.terminating() && !pod.gone()).isEmpty();
  }
}
