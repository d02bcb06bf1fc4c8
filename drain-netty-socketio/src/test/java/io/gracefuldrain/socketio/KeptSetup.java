package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Each test has a pod that hands sessions over, and lets clients of it go. */
abstract class KeptSetup {
  FeedServer pod = FeedServer.named("pod-a").policy(NextPod::keeps).start();

  /** The drain that {@link #letGo} has begun. */
  CompletableFuture<DrainReport> drain = new CompletableFuture<>();

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    pod.close();
  }

  /** The pod has other settings. */
  final void startAnew(UnaryOperator<DrainPolicy> change) {
    pod.close();
    pod = FeedServer.named("pod-a").policy(policy -> change.apply(NextPod.keeps(policy))).start();
  }

  /** Closed at the end of the test, the latest first. */
  final <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Drains the pod, and waits until a client's session is offered to others. */
  final void letGo(ScriptedClient client) throws Exception {
    drain = pod.drain();
    client.end();
    NextPod.awaitOffer(pod, client.session());
  }

  /** What another pod gets, once the session is offered. */
  final Mail take(ScriptedClient client) throws Exception {
    return NextPod.take(pod, client.session());
  }

  /** Why another pod does not get it; null if it does. */
  final @Nullable String refusal(ScriptedClient client) {
    return NextPod.refusal(pod, client.session());
  }

  static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** The session ends, and nobody gets it. */
  final void endsWithout(FeedSession session, CompletableFuture<DrainReport> drain)
      throws Exception {
    Await.until("the end", () -> !session.open());
    assertThat(NextPod.refusal(pod, session.client().getSessionId())).isNotNull();
    DrainReport report = FeedServer.receipt(drain);
    assertThat(report.count(Outcome.CLOSED)).as(report.toText()).isOne();
    nothingIsLeft(session.client());
  }

  /** Neither netty-socketio nor the adapter knows it any more. */
  final void nothingIsLeft(SocketIOClient client) {
    Await.until("no client", () -> pod.server().getAllClients().isEmpty());
    Await.until(
        "no session",
        () -> {
          try {
            pod.adapter().work(client);
            return false;
          } catch (IllegalStateException e) {
            return true;
          }
        });
    assertThat(pod.adapter().moving(client)).isFalse();
  }
}
