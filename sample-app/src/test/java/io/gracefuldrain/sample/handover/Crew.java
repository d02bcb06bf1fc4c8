package io.gracefuldrain.sample.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.crowd.Crowd;
import io.gracefuldrain.lab.crowd.CrowdPlan;
import io.gracefuldrain.lab.report.Criteria;
import io.gracefuldrain.lab.report.PodLog;
import io.gracefuldrain.lab.report.Run;
import io.gracefuldrain.lab.report.Verdict;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Stay;
import io.gracefuldrain.testing.Await;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Stock clients with recovery, and what must be true of them whatever has gone wrong. */
final class Crew implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Crowd crowd;
  private final int clients;

  private Crew(Crowd crowd, int clients) {
    this.crowd = crowd;
    this.clients = clients;
  }

  /** They are connected when this returns, and have got something. */
  static Crew of(Door door, Map<ClientKind, Integer> who) {
    return of(door, who, 50);
  }

  /** The same with another feed. */
  static Crew of(Door door, Map<ClientKind, Integer> who, int feedMs) {
    int clients = who.values().stream().mapToInt(Integer::intValue).sum();
    Crew crew =
        new Crew(
            Crowd.start(
                CrowdPlan.defaults(URI.create(door.url()))
                    .withClients(who)
                    .withFeedMs(feedMs)
                    .withUpMs(4 * feedMs)
                    .withRamp(Duration.ofMillis(clients))),
            clients);
    crew.awaitConnected();
    crew.awaitMessages(5L * clients);
    return crew;
  }

  static Crew overWebSocket(Door door, int clients) {
    return of(door, Map.of(ClientKind.LEAN_RECOVERING, clients));
  }

  Crew awaitConnected() {
    Await.until(
        () -> "all are connected: " + crowd.progress(),
        SOON,
        () -> crowd.progress().connected() == clients && crowd.progress().named() == clients);
    return this;
  }

  /** Waits until each of them has been let go so many times; some may be back by then. */
  Crew awaitLetGo(int times) {
    Await.until(
        () -> "all are let go: " + crowd.progress(),
        SOON,
        () -> crowd.progress().gaps() >= times * clients);
    return this;
  }

  Crew awaitLetGo() {
    return awaitLetGo(1);
  }

  /** Waits until they have got so many messages more. */
  Crew awaitMessages(long more) {
    long wanted = crowd.progress().received() + more;
    Await.until(
        () -> wanted + " messages: " + crowd.progress(),
        SOON,
        () -> crowd.progress().received() >= wanted);
    return this;
  }

  /** Waits until some have failed to connect. */
  Crew awaitRefused() {
    Await.until(
        () -> "some are refused: " + crowd.progress(), SOON, () -> crowd.progress().refused() > 0);
    return this;
  }

  /** All are back on this pod, with a session, and get messages. */
  Crew awaitBackOn(KeyedPod pod) {
    awaitConnected();
    return awaitMessages(5L * clients);
  }

  CrowdReport stop() {
    return crowd.stop();
  }

  // ---------------------------------------------------------------- what is true

  /** Whatever went wrong: no client is worse off than without hand-over. */
  static void assertNoWorse(CrowdReport report) {
    Counts counts = report.counts();
    assertThat(counts.duplicated()).as("twice, %s", counts).isZero();
    assertThat(counts.reordered()).as("out of order, %s", counts).isZero();
    assertThat(counts.missingConnected()).as("missing over one connection, %s", counts).isZero();
    assertThat(report.clients())
        .allSatisfy(
            each -> {
              assertThat(each.recovery().damaged()).as("damaged of %s", each).isZero();
              assertThat(last(each).toMs()).as("has a connection: %s", each).isNull();
            });
  }

  private static Stay last(ClientLedger client) {
    return client.stays().get(client.stays().size() - 1);
  }

  /** How many changes of connection went on with the session. */
  static long recovered(CrowdReport report) {
    return report.clients().stream().mapToLong(each -> each.recovery().sids().size()).sum();
  }

  /** Whoever had its session recovered has missed nothing. */
  static void assertWhole(CrowdReport report) {
    assertThat(report.clients())
        .filteredOn(each -> !each.recovery().sids().isEmpty())
        .allSatisfy(each -> assertThat(each.counts().missing()).as("%s", each).isZero());
  }

  /** Every change of connection went on with the session, and nothing at all was lost. */
  static void assertAllRecovered(CrowdReport report, int changes, PodLog... pods) {
    assertNoWorse(report);
    List<ClientLedger> anew =
        report.clients().stream()
            .filter(each -> each.recovery().sids().size() != each.changes())
            .toList();
    assertThat(anew).as("%s clients that began anew", anew.size()).isEmpty();
    assertThat(recovered(report)).isEqualTo(changes);
    assertThat(report.counts().missing()).as("missing: %s", report.counts()).isZero();
    assertThat(judged(report, pods))
        .filteredOn(each -> each.criterion().equals(Criteria.UPLOADS))
        .allSatisfy(each -> assertThat(each.result()).as("%s", each).isEqualTo(Verdict.Result.PASS))
        .hasSize(1);
  }

  private static List<Verdict> judged(CrowdReport report, PodLog... pods) {
    return new Run(
            "hand-over",
            "",
            true,
            report.beganMs(),
            report.endedMs(),
            0,
            false,
            true,
            List.of(),
            report,
            Stream.of(pods).flatMap(each -> each.sessions().stream()).toList(),
            List.of(),
            List.of())
        .judged()
        .verdicts();
  }

  @Override
  public void close() {
    crowd.close();
  }
}
