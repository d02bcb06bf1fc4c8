package io.gracefuldrain.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodHistoryTest {
  private final PodHistory history = new PodHistory();
  private long nowMs = 1_000;

  private PodHistory.News read(JsonNode event) {
    nowMs += 10;
    return history.read(event, nowMs);
  }

  private PodHistory.News read(String type, String metadata, String container) {
    return read(
        Recorded.json(
            ("{'type': '%s', 'object': {'metadata': {'name': 'a'%s}, 'status':"
                    + " {'containerStatuses': [%s]}}}")
                .formatted(type, metadata, container)));
  }

  private PodHistory.Pod pod(String name) {
    return history.pods(pod -> pod.name().equals(name)).get(0);
  }

  @Test
  void read_recordedRollout_tellsTheLifeOfEachPod() {
    Recorded.events("pods.jsonl").forEach(this::read);
    PodHistory.Pod old = pod(Recorded.OLD);
    assertThat(old.marks())
        .extracting(Mark::kind)
        .containsExactly(
            MarkKind.CREATED,
            MarkKind.STARTED,
            MarkKind.UP,
            MarkKind.READY,
            MarkKind.DELETED,
            MarkKind.UNREADY,
            MarkKind.EXITED);
    assertThat(old.marks()).extracting(Mark::atMs).isSorted();
    assertThat(old.exitCode()).isEqualTo(143);
    assertThat(old.gone()).isTrue();
    assertThat(old.restarts()).isZero();
    assertThat(old.generation()).isEqualTo("6658899f4d");
    assertThat(old.node()).isEqualTo("node2");
    assertThat(history.serving()).extracting(PodHistory.Pod::name).containsExactly(Recorded.NEW);
    assertThat(history.ends()).isFalse();
  }

  @Test
  void read_recordedDeletion_isOnItsWayOutUntilItIsGone() {
    for (JsonNode event : Recorded.events("pods.jsonl")) {
      PodHistory.News news = read(event);
      if (news.has(MarkKind.DELETED)) {
        assertThat(history.ends()).isTrue();
        assertThat(history.serving()).extracting(PodHistory.Pod::name).doesNotContain(Recorded.OLD);
        return;
      }
    }
    throw new AssertionError("no deletion");
  }

  @Test
  void read_exitWith137_wasKilled() {
    read("ADDED", "", "{'ready': true, 'state': {'running': {}}}");
    read("MODIFIED", ", 'deletionTimestamp': 'x'", "{'state': {'terminated': {'exitCode': 137}}}");
    assertThat(pod("a").marks()).extracting(Mark::kind).contains(MarkKind.SIGKILL);
    assertThat(pod("a").exitCode()).isEqualTo(137);
  }

  @Test
  void read_containerStartedAgain_isARestartAndNoEnd() {
    read("ADDED", "", "{'ready': true, 'restartCount': 0, 'state': {'running': {}}}");
    read("MODIFIED", "", "{'state': {'terminated': {'exitCode': 1}}, 'restartCount': 0}");
    PodHistory.News news =
        read(
            "MODIFIED",
            "",
            "{'state': {'running': {}}, 'lastState': {'terminated': {'exitCode': 1}},"
                + " 'restartCount': 1}");
    assertThat(news.marks())
        .extracting(Mark::note)
        .containsExactly("container restarted, it had exited with 1");
    assertThat(pod("a").restarts()).isEqualTo(1);
    assertThat(pod("a").exitCode()).isNull();
  }

  @Test
  void read_goneWithoutAWord_hasNoExitCode() {
    read("ADDED", "", "{'ready': true, 'state': {'running': {}}}");
    read("DELETED", "", "{'ready': true, 'state': {'running': {}}}");
    assertThat(pod("a").exitCode()).isNull();
    assertThat(pod("a").gone()).isTrue();
    List<Mark> marks = pod("a").marks();
    assertThat(marks.get(marks.size() - 1).note()).isEqualTo("?");
    assertThat(read("MODIFIED", "", "{'ready': true}").marks()).isEmpty();
  }
}
