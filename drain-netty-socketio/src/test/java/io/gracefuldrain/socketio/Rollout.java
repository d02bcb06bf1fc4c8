package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.socketio.TestCrowd.Upload;
import io.gracefuldrain.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Drains pod A under a crowd of stock clients while the door leads to pod B, once or back and
 * forth. Reports afterwards the result for each kind of client.
 */
final class Rollout implements AutoCloseable {
  /** Stock back-off is about a second; a client that was refused once needs several. */
  static final Duration RETURN = Duration.ofSeconds(25);

  private static final int FLOWING = 10;

  private final TestUploads uploads = new TestUploads();
  private final Set<ClientKind> kinds;
  private final int each;
  private final List<TestCrowd> crowds = new ArrayList<>();
  private final List<ClientLedger> ledgers = new ArrayList<>();
  private final FeedServer podA;
  private final FeedServer podB;
  private final Door door;
  private List<String> namespaces = List.of(FeedServer.MAIN);

  Rollout(Set<ClientKind> kinds, int each, UnaryOperator<FeedServer.Builder> pods) {
    this.kinds = kinds;
    this.each = each;
    podA = pods.apply(FeedServer.named("pod-a").uploads(uploads)).start();
    podB = pods.apply(FeedServer.named("pod-b").uploads(uploads)).start();
    door = new Door(podA, podB);
  }

  /** Sets the namespaces that the crowd joins. */
  Rollout into(String... joined) {
    namespaces = List.of(joined);
    return this;
  }

  FeedServer podA() {
    return podA;
  }

  FeedServer podB() {
    return podB;
  }

  /** Starts the crowd. */
  void arrive(Upload upload) throws IOException {
    arrive(upload, "http", Map.of());
  }

  void arrive(Upload upload, String scheme, Map<String, Object> nodeOptions) throws IOException {
    String url = scheme + "://127.0.0.1:" + door.port();
    List<ClientKind> java = kinds.stream().filter(ClientKind::java).toList();
    List<ClientKind> node = kinds.stream().filter(kind -> !kind.java()).toList();
    if (!java.isEmpty()) {
      crowds.add(new JavaCrowd(url, java, each, upload, namespaces));
    }
    if (!node.isEmpty()) {
      crowds.add(new NodeCrowd(url, node, each, upload, namespaces, nodeOptions));
    }
  }

  /** Waits until the feed flows both ways for every client, over its last transport. */
  void flows(FeedServer pod) {
    Await.until(
        () ->
            "the feed flows on %s, not to %s, of %s"
                .formatted(pod.coordinator().policy().pod(), idle(pod), pod.sessions()),
        RETURN,
        () -> idle(pod).isEmpty());
  }

  private List<String> idle(FeedServer pod) {
    List<String> idle = new ArrayList<>();
    namespaces.forEach(namespace -> idle.addAll(names())); // one feed in each
    for (FeedSession session : pod.sessions()) {
      boolean settled =
          !ClientKind.of(session.name()).webSocket() || session.transport() == Transport.WEBSOCKET;
      if (session.open()
          && settled
          && session.owed() >= FLOWING
          && uploads.count(session.name()) >= FLOWING) {
        idle.remove(session.name());
      }
    }
    return idle;
  }

  private Collection<String> names() {
    List<String> names = new ArrayList<>();
    kinds.forEach(kind -> names.addAll(kind.names(each)));
    return names;
  }

  /** Drains pod A while new connections go to pod B, and waits for the receipt. */
  DrainReport drain() throws Exception {
    door.leadTo(podB);
    return podA.drained();
  }

  /** Each client uploads this many numbers at once. */
  void burst(int overWebSocket, int overPolling) throws IOException {
    for (TestCrowd crowd : crowds) {
      crowd.burst(overWebSocket, overPolling);
    }
  }

  /**
   * Drains the pod that has the crowd while new connections go to the other one. Waits until the
   * feed flows there, and makes the drained pod serve again.
   */
  DrainReport bounce() throws Exception {
    FeedServer from = host();
    FeedServer to = from == podA ? podB : podA;
    door.leadTo(to);
    DrainReport report = from.drained();
    flows(to);
    from.coordinator().resume();
    return report;
  }

  /** The pod of new connections. */
  FeedServer host() {
    return door.open();
  }

  /**
   * Waits until every client is where the door leads, ends the crowd, and compares its ledgers with
   * those of the pods.
   */
  List<KindResult> settle() throws Exception {
    flows(host());
    List<FeedSession> ended =
        Stream.of(podA, podB)
            .flatMap(pod -> pod.sessions().stream())
            .filter(session -> !session.open())
            .toList();
    for (TestCrowd crowd : crowds) {
      ledgers.addAll(crowd.end());
    }
    List<KindResult> results = new ArrayList<>();
    for (ClientKind kind : kinds) {
      List<ClientLedger> of =
          ledgers.stream().filter(ledger -> ClientKind.of(ledger.client()) == kind).toList();
      results.add(KindResult.of(kind, of, ended, host(), uploads));
    }
    return results;
  }

  /** The ledger of each client, once all is settled. */
  List<ClientLedger> ledgers() {
    return ledgers;
  }

  @Override
  public void close() {
    crowds.forEach(TestCrowd::close);
    door.close();
    podA.close();
    podB.close();
  }
}
