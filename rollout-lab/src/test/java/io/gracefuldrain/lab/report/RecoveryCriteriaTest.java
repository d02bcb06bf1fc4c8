package io.gracefuldrain.lab.report;

import static io.gracefuldrain.lab.report.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.report.SessionLine.Posts;
import io.gracefuldrain.lab.report.Verdict.Result;
import io.gracefuldrain.lab.results.Answer;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Recovered;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryCriteriaTest {
  private static final long ZERO = Runs.ZERO;

  private final Runs runs = recovering(Runs.good());

  /** Its client over WebSocket has its session recovered, and has missed nothing. */
  private static Runs recovering(Runs runs) {
    runs.client(0, "kind", ClientKind.LEAN_RECOVERING)
        .client(0, "recovery", new Recovered(List.of("sid-0-2"), 30, 0))
        .client(
            0,
            "answers",
            List.of(new Answer(Answer.Kind.FIRST, 1), new Answer(Answer.Kind.RECOVERED, 4.25)))
        .count(0, "missingAway", 0)
        .count(0, "received", 200)
        .gap(0, new Gap(ZERO + 8_000, ZERO + 9_030, 1_000, 0));
    posts(runs, 0, new Posts(20, 1L, 20L, 0));
    posts(runs, 1, new Posts(10, 21L, 30L, 0));
    return runs;
  }

  private static void posts(Runs runs, int session, Posts posts) {
    runs.sessions.set(
        session,
        with(with(runs.sessions.get(session), "posts", posts), "kept", session == 0 ? 10L : 0L));
  }

  private Run run() {
    return with(runs.build(), "handsOver", true).judged();
  }

  private Verdict verdict(String criterion) {
    return run().verdicts().stream()
        .filter(each -> each.criterion().equals(criterion))
        .findFirst()
        .orElseThrow();
  }

  private String broken(String criterion) {
    assertThat(verdict(criterion).result()).isEqualTo(Result.FAIL);
    return verdict(criterion).figures();
  }

  private void recovery(UnaryOperator<Recovered> change) {
    runs.client(0, "recovery", change.apply(runs.clients.get(0).recovery()));
  }

  @Test
  void judge_recovered_holdsEachCriterion() {
    assertThat(run().verdicts())
        .filteredOn(each -> RecoveryCriteria.ALL.contains(each.criterion()))
        .hasSize(4)
        .allMatch(each -> each.result() == Result.PASS);
    assertThat(run().holds()).isTrue();
    assertThat(RecoveryCriteria.cells(run(), Reconciliation.of(run())))
        .containsExactly("1 of 1", "4.3; 4.3 ms", "–", "1.03", "0, 0, 0", "0 of 30");
  }

  @Test
  void judge_noneInTheCrowd_saysNothing() {
    Run run = with(Runs.good().build(), "handsOver", true).judged();
    assertThat(run.verdicts())
        .extracting(Verdict::criterion)
        .doesNotContainAnyElementsOf(RecoveryCriteria.ALL);
    assertThat(RecoveryCriteria.cells(run, Reconciliation.of(run))).containsOnly("–");
  }

  @Test
  void judge_podsThatHandNothingOver_isNotJudged() {
    assertThat(runs.build().verdicts())
        .filteredOn(each -> RecoveryCriteria.ALL.contains(each.criterion()))
        .hasSize(4)
        .allMatch(each -> each.result() == Result.NOT_APPLICABLE);
  }

  @Test
  void recovered_notThatOne_fails() {
    recovery(each -> with(each, "sids", List.of()));
    assertThat(broken(RecoveryCriteria.RECOVERED)).startsWith("0 of 1 changes of connection");
  }

  @Test
  void recovered_nobodyMoved_fails() {
    recovery(each -> with(each, "sids", List.of()));
    runs.client(0, "stays", runs.clients.get(0).stays().subList(0, 1));
    assertThat(broken(RecoveryCriteria.RECOVERED)).isEqualTo("none of them moved");
  }

  @Test
  void recovered_receipts_areTold() {
    runs.receipts.set(
        0,
        with(
            Runs.receipt(2, Map.of("LANDED", 1L, "CLOSED", 1L)),
            "handover",
            new Receipt.HandOvers(2, 1)));
    assertThat(verdict(RecoveryCriteria.RECOVERED).figures())
        .endsWith("the receipts: 2 sessions offered, 1 taken");
  }

  @Test
  void stream_oneMissing_fails() {
    runs.count(0, "missingAway", 1);
    assertThat(broken(RecoveryCriteria.STREAM)).startsWith("1 missing, 0 twice");
  }

  @Test
  void stream_oneTwice_fails() {
    runs.count(0, "duplicated", 1);
    assertThat(broken(RecoveryCriteria.STREAM)).contains("1 twice");
  }

  @Test
  void stream_wrongBytes_fails() {
    recovery(each -> with(each, "damaged", 1L));
    assertThat(broken(RecoveryCriteria.STREAM)).contains("1 with wrong bytes");
  }

  @Test
  void uploads_oneLost_fails() {
    posts(runs, 1, new Posts(9, 22L, 30L, 0));
    assertThat(broken(RecoveryCriteria.UPLOADS)).startsWith("1 lost, 0 twice");
  }

  @Test
  void uploads_oneHandledTwice_fails() {
    posts(runs, 1, new Posts(11, 20L, 30L, 0));
    assertThat(broken(RecoveryCriteria.UPLOADS)).startsWith("0 lost, 1 twice");
  }

  @ParameterizedTest
  @EnumSource(
      value = ClientKind.class,
      names = {"LEAN_RECOVERING", "LEAN_RECOVERING_UPGRADE"})
  void uploads_oneMoreThanInTheClientsBooks_isTheNextOne(ClientKind kind) {
    runs.client(0, "kind", kind);
    posts(runs, 1, new Posts(11, 21L, 31L, 0));
    assertThat(verdict(RecoveryCriteria.UPLOADS).result()).isEqualTo(Result.PASS);
    assertThat(verdict(RecoveryCriteria.UPLOADS).figures()).endsWith("of 31");
  }

  /** netty-socketio may swap uploads of long-polling, and of the upgrade from it. */
  @Test
  void uploads_outOfOrder_failsOverWebSocketFromTheStart() {
    posts(runs, 0, new Posts(20, 1L, 20L, 2));
    assertThat(broken(RecoveryCriteria.UPLOADS)).startsWith("0 lost, 2 twice");
    runs.client(0, "kind", ClientKind.LEAN_RECOVERING_UPGRADE);
    assertThat(verdict(RecoveryCriteria.UPLOADS).result()).isEqualTo(Result.PASS);
    posts(runs, 0, new Posts(21, 1L, 20L, 2));
    assertThat(broken(RecoveryCriteria.UPLOADS)).startsWith("0 lost, 1 twice");
  }

  @Test
  void uploads_none_fails() {
    recovery(each -> with(each, "posted", 0L));
    posts(runs, 0, Posts.NONE);
    posts(runs, 1, Posts.NONE);
    assertThat(broken(RecoveryCriteria.UPLOADS)).isEqualTo("nothing was uploaded");
  }

  @Test
  void away_longerThanItsBackOff_fails() {
    runs.gap(0, new Gap(ZERO + 8_000, ZERO + 9_060, 1_000, 0));
    assertThat(broken(RecoveryCriteria.AWAY)).startsWith("median 1.060");
  }

  @Test
  void pollers_areToldAndNotJudged() {
    runs.client(1, "kind", ClientKind.LEAN_RECOVERING_POLLING);
    assertThat(verdict(RecoveryCriteria.RECOVERED).figures())
        .contains("of pollers (not judged): 0 of 1");
    assertThat(verdict(RecoveryCriteria.RECOVERED).result()).isEqualTo(Result.PASS);
  }

  @Test
  void agreement_moreThanItsPodSentBeforeItLetGo_agrees() {
    Runs run = Runs.good().session(0, each -> with(with(each, "sent", 98L), "kept", 2L));
    assertThat(run.verdict(Criteria.AGREEMENT).result()).isEqualTo(Result.PASS);
    run.session(0, each -> with(each, "kept", 1L));
    assertThat(run.broken(Criteria.AGREEMENT)).contains("received 100 of 98 sent");
  }

  @Test
  void agreement_moreThanItsPodSent_isThatOfTheOtherPod() {
    runs.sessions.set(1, with(runs.sessions.get(1), "sent", 80L));
    assertThat(verdict(Criteria.AGREEMENT).result()).isEqualTo(Result.PASS);
    recovery(each -> with(each, "sids", List.of()));
    assertThat(broken(Criteria.AGREEMENT)).contains("received 90 of 80 sent");
  }
}
