package io.gracefuldrain.lab.report;

import static io.gracefuldrain.lab.report.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.report.Verdict.Result;
import io.gracefuldrain.lab.results.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CriteriaTest {
  private static final long ZERO = Runs.ZERO;

  @Test
  void judge_goodRun_holdsEachCriterion() {
    assertThat(Runs.good().withAware().build().verdicts())
        .hasSize(12)
        .allMatch(each -> each.result() == Result.PASS);
  }

  @Test
  void receipts_outcomesDoNotAddUp_fails() {
    Runs run = Runs.good();
    run.receipts.set(0, Runs.receipt(3, Map.of("CLOSED", 2L)));
    assertThat(run.broken(Criteria.RECEIPTS)).contains("old-1 tracked 3, outcomes of 2");
  }

  @Test
  void receipts_noneOfAReplacedPod_fails() {
    Runs run = Runs.good();
    run.receipts.clear();
    assertThat(run.broken(Criteria.RECEIPTS)).isEqualTo("old-1 left no receipt");
  }

  @Test
  void receipts_podThatDoesNotDrain_isNotJudged() {
    assertThat(Runs.good().plain().verdict(Criteria.RECEIPTS).result())
        .isEqualTo(Result.NOT_APPLICABLE);
  }

  @Test
  void agreement_webSocketThatNoPodKnows_fails() {
    Runs run = Runs.good();
    run.sessions.remove(0);
    assertThat(run.broken(Criteria.AGREEMENT)).contains("1 WebSocket sessions");
  }

  @Test
  void agreement_sessionThatNoClientKnows_fails() {
    Runs run = Runs.good();
    run.sessions.add(stray("websocket"));
    assertThat(run.broken(Criteria.AGREEMENT)).contains("1 WebSocket sessions");
  }

  @Test
  void agreement_strayPoller_isListedApart() {
    Runs run = Runs.good();
    run.sessions.add(stray("polling"));
    Verdict verdict = run.verdict(Criteria.AGREEMENT);
    assertThat(verdict.result()).isEqualTo(Result.PASS);
    assertThat(verdict.figures()).contains("pollers known to one side only: 1;");
  }

  @Test
  void agreement_receivedMoreThanSent_fails() {
    Runs run = Runs.good().session(0, each -> with(each, "sent", 99L));
    assertThat(run.broken(Criteria.AGREEMENT)).contains("client 0: received 100 of 99 sent");
  }

  @Test
  void agreement_sessionBegunAnew_countsAsOne() {
    Runs run = Runs.good();
    SessionLine first = run.sessions.get(0);
    run.sessions.set(0, with(first, "sent", 60L));
    run.sessions.add(
        new SessionLine(
            first.pod(), "old", first.sid(), "websocket", null, 40, 99L, 0, 0, ZERO, ZERO));
    assertThat(run.build().holds()).isTrue();
  }

  @Test
  void agreement_otherPod_fails() {
    Runs run = Runs.good().stay(0, each -> with(each, "pod", "new-1"));
    assertThat(run.broken(Criteria.AGREEMENT)).contains("client 0: new-1 or old-1?");
  }

  @Test
  void agreement_receiptCountsOtherwise_fails() {
    Runs run = Runs.good();
    run.receipts.set(0, Runs.receipt(2, Map.of("CLOSED", 1L, "LEFT", 1L)));
    assertThat(run.broken(Criteria.AGREEMENT)).contains("1 LEFT in the receipt, 0 in the ledger");
  }

  @Test
  void agreement_nothingKnown_fails() {
    Runs run = Runs.good();
    run.sessions.clear();
    assertThat(run.broken(Criteria.AGREEMENT)).contains("no session is known to both sides");
  }

  @Test
  void acknowledged_moreThanHandled_fails() {
    Runs run = Runs.good().session(1, each -> with(each, "up", 19L));
    assertThat(run.broken(Criteria.ACKNOWLEDGED))
        .isEqualTo("client 1: 20 acknowledged, 19 handled");
  }

  @Test
  void acknowledged_whatWasNotSent_fails() {
    assertThat(Runs.good().wrongAcknowledgement(0).broken(Criteria.ACKNOWLEDGED))
        .contains("1 acknowledgements of what was not sent");
  }

  @Test
  void delivered_tailLost_fails() {
    Runs run = Runs.good().session(0, each -> with(each, "sent", 103L));
    assertThat(run.broken(Criteria.DELIVERED)).isEqualTo("3 messages in 1 of 2 ended sessions");
  }

  @Test
  void delivered_tailLostWithoutADrain_failsToo() {
    Runs run = Runs.good().plain().session(0, each -> with(each, "sent", 103L));
    assertThat(run.broken(Criteria.DELIVERED)).isEqualTo("3 messages in 1 of 2 ended sessions");
  }

  @Test
  void delivered_pollerSentElsewhere_isListedApart() {
    Runs run =
        Runs.good().session(1, each -> with(with(each, "sent", 150L), "leftMs", ZERO + 14_000));
    Verdict verdict = run.verdict(Criteria.DELIVERED);
    assertThat(verdict.result()).isEqualTo(Result.PASS);
    assertThat(verdict.figures())
        .contains("1 pollers were sent elsewhere by the Service, without 50");
  }

  @Test
  void delivered_pollerWithdrawnAtTheSameTime_isListedApart() {
    Runs run = Runs.good().session(1, each -> with(each, "sent", 150L));
    assertThat(run.broken(Criteria.DELIVERED)).isEqualTo("50 messages in 1 of 2 ended sessions");
    run.replaced(pod -> marked(pod, Runs.mark(MarkKind.OUT_OF_SERVICE, 3_000, "")));
    assertThat(run.verdict(Criteria.DELIVERED).result()).isEqualTo(Result.PASS);
    run.session(0, each -> with(each, "sent", 103L)); // no excuse for a WebSocket
    assertThat(run.broken(Criteria.DELIVERED)).startsWith("3 messages in 1 of 1 ended sessions");
  }

  @Test
  void delivered_webSocketEndsEarlier_isNoExcuse() {
    Runs run =
        Runs.good().session(0, each -> with(with(each, "sent", 150L), "leftMs", ZERO + 14_000));
    assertThat(run.broken(Criteria.DELIVERED)).startsWith("50 messages");
  }

  @Test
  void orders_cutOverWebSocket_fails() {
    assertThat(Runs.good().cut(0).broken(Criteria.WORK))
        .isEqualTo("1 of 6 orders were cut, 1 of them over WebSocket");
  }

  @Test
  void orders_cutWithoutADrain_failsToo() {
    assertThat(Runs.good().plain().cut(0).broken(Criteria.WORK)).startsWith("1 of 6 orders");
  }

  @Test
  void orders_cutOnAConnectionThatNoPodKnows_fails() {
    Runs run = Runs.good().cut(0);
    run.sessions.remove(0);
    assertThat(run.broken(Criteria.WORK))
        .isEqualTo("1 of 6 orders were cut, 1 of them over WebSocket");
  }

  @Test
  void orders_cutOfAPoller_failsUnlessTheServiceSentItElsewhere() {
    Runs run = Runs.good().cut(1);
    assertThat(run.broken(Criteria.WORK))
        .isEqualTo("1 of 6 orders were cut, 0 of them over WebSocket");
    run.replaced(pod -> marked(pod, Runs.mark(MarkKind.OUT_OF_SERVICE, 3_000, "")));
    Verdict verdict = run.verdict(Criteria.WORK);
    assertThat(verdict.result()).isEqualTo(Result.PASS);
    assertThat(verdict.figures())
        .isEqualTo(
            "6 orders placed, 4 done, 1 open at the end; 1 pollers were sent elsewhere by the"
                + " Service, away from 1 orders");
    run.cut(0); // no excuse for a WebSocket
    assertThat(run.broken(Criteria.WORK)).startsWith("1 of 6 orders were cut, 1 of them over");
  }

  @Test
  void orders_cameTooLateToBeBegun_areListedApart() {
    Runs run = Runs.good().cut(0).session(0, each -> with(each, "orders", 0L));
    Verdict verdict = run.verdict(Criteria.WORK);
    assertThat(verdict.result()).isEqualTo(Result.PASS);
    assertThat(verdict.figures()).endsWith("; 1 came too late to be begun");
    run.session(0, each -> with(each, "orders", 1L));
    assertThat(run.broken(Criteria.WORK)).startsWith("1 of 6 orders were cut");
  }

  @Test
  void orders_noneDone_fails() {
    assertThat(Runs.good().undone(0).undone(1).broken(Criteria.WORK))
        .isEqualTo("no order was done");
  }

  @Test
  void orders_crowdWithoutOrders_isNotJudged() {
    Runs run = Runs.good().cut(0);
    run.orderMs = 0;
    assertThat(run.verdict(Criteria.WORK).result()).isEqualTo(Result.NOT_APPLICABLE);
  }

  @Test
  void connects_oneFails_fails() {
    Runs run = Runs.good().gap(0, new Gap(ZERO + 8_000, ZERO + 9_050, 1_000, 2));
    assertThat(run.broken(Criteria.CONNECTS)).isEqualTo("2 failed");
  }

  @Test
  void connects_oneStaysAway_fails() {
    Runs run = Runs.good().gap(0, new Gap(ZERO + 8_000, null, 1_000, 0));
    assertThat(run.broken(Criteria.CONNECTS)).contains("1 clients had not come back");
  }

  @Test
  void exits_otherCode_fails() {
    Runs run = Runs.good().replaced(pod -> new PodLane("old-1", "old", pod.marks(), 137));
    assertThat(run.broken(Criteria.EXITS)).isEqualTo("old-1 exited with 137");
  }

  @Test
  void exits_killed_fails() {
    Runs run = Runs.good().replaced(pod -> marked(pod, Runs.mark(MarkKind.SIGKILL, 15_500, "")));
    assertThat(run.broken(Criteria.EXITS)).isEqualTo("old-1 was killed");
  }

  @Test
  void exits_killedBeforeItWasReady_isNotJudged() {
    Runs run = Runs.good();
    run.pods.add(
        new PodLane(
            "new-2",
            "new",
            List.of(
                Runs.mark(MarkKind.CREATED, 2_000, ""),
                Runs.mark(MarkKind.DELETED, 2_100, ""),
                Runs.mark(MarkKind.SIGKILL, 2_500, "")),
            137));
    assertThat(run.verdict(Criteria.EXITS).result()).isEqualTo(Result.PASS);
    assertThat(run.verdict(Criteria.RECEIPTS).result()).isEqualTo(Result.PASS);
  }

  @Test
  void judged_ownVerdictOfTheSameCriterion_takesItsPlace() {
    Verdict own = new Verdict(Criteria.EXITS, Result.NOT_APPLICABLE, "not promised");
    Verdict another = new Verdict("something else", Result.FAIL, "");
    assertThat(Runs.good().build().judged(List.of(own, another)).verdicts())
        .hasSize(13)
        .contains(own, another);
  }

  @Test
  void exits_stillRunning_fails() {
    Runs run = Runs.good().replaced(pod -> new PodLane("old-1", "old", pod.marks(), null));
    assertThat(run.broken(Criteria.EXITS)).isEqualTo("old-1 exited with null");
  }

  @Test
  void backOff_longerAway_fails() {
    Runs run = Runs.good().gap(0, new Gap(ZERO + 8_000, ZERO + 9_200, 1_000, 0));
    assertThat(run.broken(Criteria.BACK_OFF)).contains("1.20");
  }

  @Test
  void backOff_nobodyMoved_fails() {
    Runs run = Runs.good();
    run.gap(0, new Gap(ZERO + 8_000, null, 1_000, 0));
    assertThat(run.broken(Criteria.BACK_OFF)).isEqualTo("none of them moved");
  }

  @Test
  void backOff_pollersOnly_isNotJudged() {
    Runs run = Runs.good();
    run.clients.remove(0);
    assertThat(run.verdict(Criteria.BACK_OFF).result()).isEqualTo(Result.NOT_APPLICABLE);
  }

  static PodLane marked(PodLane pod, Mark mark) {
    List<Mark> marks = new ArrayList<>(pod.marks());
    marks.add(mark);
    return new PodLane(pod.name(), pod.generation(), marks, pod.exitCode());
  }

  static SessionLine stray(String transport) {
    return new SessionLine("old-1", "old", "stray", transport, null, 0, null, 0, 0, ZERO, ZERO);
  }
}
