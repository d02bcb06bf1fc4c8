package io.gracefuldrain.lab.report;

import static io.gracefuldrain.lab.report.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Latencies;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.Spread;
import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A run that holds every criterion, and the same with one thing changed. */
final class Runs {
  static final long ZERO = 1_800_000_000_000L;

  String strategy = "graceful";
  boolean drains = true;
  boolean clientsOnly;
  int orderMs = 15_000;
  final List<PodLane> pods = new ArrayList<>();
  final List<ClientLedger> clients = new ArrayList<>();
  final List<SessionLine> sessions = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();

  private Runs() {}

  /** Two pods, one replaced by the other; a client over WebSocket and one that polls. */
  static Runs good() {
    Runs run = new Runs();
    run.pods.add(
        new PodLane(
            "old-1",
            "old",
            List.of(
                mark(MarkKind.CREATED, -9_000, ""),
                mark(MarkKind.STARTED, -9_000, ""),
                mark(MarkKind.READY, -7_000, ""),
                mark(MarkKind.IN_SERVICE, -6_000, ""),
                mark(MarkKind.DELETED, 2_000, ""),
                mark(MarkKind.PRE_STOP_BEGAN, 2_001, ""),
                mark(MarkKind.PHASE, 2_002, "UNREADY"),
                mark(MarkKind.PHASE, 7_000, "MOVING"),
                mark(MarkKind.PRE_STOP_ENDED, 15_000, "status 200"),
                mark(MarkKind.SIGTERM, 15_001, ""),
                mark(MarkKind.EXITED, 16_000, "143")),
            143));
    run.pods.add(
        new PodLane(
            "new-1",
            "new",
            List.of(
                mark(MarkKind.CREATED, 0, ""),
                mark(MarkKind.STARTED, 0, ""),
                mark(MarkKind.READY, 2_000, ""),
                mark(MarkKind.IN_SERVICE, 2_600, "")),
            null));
    run.client(ClientKind.JAVA_WEBSOCKET, "websocket", 8_000, 9_050, 1_000);
    run.client(ClientKind.LEAN_POLLING, "polling", 9_000, 10_000, 1_000);
    run.receipts.add(receipt(2, Map.of("CLOSED", 2L)));
    return run;
  }

  static Mark mark(MarkKind kind, long ms, String note) {
    return new Mark(kind, ZERO + ms, note);
  }

  static Receipt receipt(long tracked, Map<String, Long> outcomes) {
    return new Receipt("old-1", "old", 1, 12_000, tracked, 0, 0, outcomes, 0, 0, false);
  }

  private void client(ClientKind kind, String transport, long leaves, long comes, long backOff) {
    int number = clients.size();
    String first = "sid-" + number + "-1";
    String second = "sid-" + number + "-2";
    clients.add(
        new ClientLedger(
            number,
            kind,
            "127.0.0.2",
            List.of(
                new Stay(
                    first,
                    "old-1",
                    "old",
                    ZERO - 3_000,
                    ZERO + leaves,
                    "transport error",
                    100,
                    99L,
                    20,
                    1,
                    0),
                new Stay(second, "new-1", "new", ZERO + comes, null, null, 90, 199L, 18, 2, 0)),
            List.of(new Gap(ZERO + leaves, ZERO + comes, backOff, 0)),
            List.of(),
            0,
            new Counts(190, 0, 10, 0, 0, 0, 39, 38, 1, 0, 3, 2, 0),
            new Spread(190, 1, 2, 3),
            new Spread(38, 1, 2, 3),
            Latencies.NONE,
            Latencies.NONE));
    sessions.add(
        new SessionLine(
            "old-1",
            "old",
            first,
            transport,
            "CLOSED",
            100,
            99L,
            20,
            1,
            ZERO - 3_000,
            ZERO + leaves));
    sessions.add(
        new SessionLine(
            "new-1", "new", second, transport, null, 91, 200L, 18, 2, ZERO + comes, ZERO + 20_000));
  }

  /** Adds a client that knows the hint and has moved on it. */
  Runs withAware() {
    int number = clients.size();
    client(ClientKind.LEAN_AWARE, "websocket", 8_600, 8_050, 0);
    SortedMap<Long, Long> latencies = new TreeMap<>(Map.of(2L, 1_000L));
    client(number, "gaps", List.of());
    client(
        number,
        "moves",
        List.of(new Move(ZERO + 8_000, ZERO + 8_600, new Move.Figures(50, 60, 1, 5, 0), null)));
    client(number, "whileMoving", new Latencies(latencies));
    client(number, "atPeers", new Latencies(latencies));
    count(number, "missingAway", 0);
    stay(number, each -> with(each, "reason", Stay.MOVED));
    session(number, each -> with(with(each, "outcome", "LANDED"), "sent", 103L));
    receipts.set(0, receipt(3, Map.of("CLOSED", 2L, "LANDED", 1L)));
    return this;
  }

  /** Changes the first session of a client. */
  Runs session(int client, UnaryOperator<SessionLine> change) {
    sessions.set(client * 2, change.apply(sessions.get(client * 2)));
    return this;
  }

  Runs client(int client, String component, Object value) {
    clients.set(client, with(clients.get(client), component, value));
    return this;
  }

  Runs count(int client, String count, long value) {
    return client(client, "counts", with(clients.get(client).counts(), count, value));
  }

  /** Changes the gaps of a client. */
  Runs gap(int client, Gap gap) {
    return client(client, "gaps", List.of(gap));
  }

  /** Changes the first stay of a client. */
  Runs stay(int client, UnaryOperator<Stay> change) {
    List<Stay> stays = clients.get(client).stays();
    return client(client, "stays", List.of(change.apply(stays.get(0)), stays.get(1)));
  }

  /** Lets the end of a client's first stay cut an order. */
  Runs cut(int client) {
    return count(client, "ordersCut", 1).stay(client, each -> with(each, "ordersCut", 1));
  }

  /** Leaves all orders of a client undone. */
  Runs undone(int client) {
    return count(client, "ordersDone", 0);
  }

  Runs wrongAcknowledgement(int client) {
    return count(client, "wrongAcknowledgements", 1);
  }

  /** Changes the pod that was replaced. */
  Runs replaced(UnaryOperator<PodLane> change) {
    pods.set(0, change.apply(pods.get(0)));
    return this;
  }

  /** Makes it a run whose pods keep no ledger. */
  Runs unledgered() {
    strategy = "spring";
    clientsOnly = true;
    sessions.clear();
    return this;
  }

  /** Makes it a run whose pods do not drain. */
  Runs plain() {
    strategy = "none";
    drains = false;
    receipts.clear();
    sessions.replaceAll(each -> with(each, "outcome", null));
    return this;
  }

  /** The verdict on a criterion. */
  Verdict verdict(String criterion) {
    return build().verdicts().stream()
        .filter(each -> each.criterion().equals(criterion))
        .findFirst()
        .orElseThrow();
  }

  /** The figures of a criterion, which must be broken. */
  String broken(String criterion) {
    Verdict verdict = verdict(criterion);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.FAIL);
    return verdict.figures();
  }

  Run build() {
    CrowdReport crowd =
        new CrowdReport(
            "http://127.0.0.1:1",
            ZERO - 5_000,
            ZERO + 19_000,
            100,
            500,
            orderMs,
            List.of(),
            clients);
    return new Run(
            strategy,
            "It is <done> & \"tested\".",
            drains,
            ZERO,
            ZERO + 16_000,
            0,
            clientsOnly,
            pods,
            crowd,
            sessions,
            receipts,
            List.of())
        .judged();
  }
}
