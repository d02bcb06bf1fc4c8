package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.json.JSONObject;

/**
 * An application of one namespace. It joins, reads the feed, uploads, and notes all that it sees.
 */
final class App implements AutoCloseable {
  private static final long UPLOAD_EVERY_MILLIS = 10;

  private final String name;
  private final AwareSocket socket;
  private final List<Integer> feed = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<JSONObject> moved = new CopyOnWriteArrayList<>();
  private final List<AtomicInteger> answers = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService uploading = Daemons.scheduled("uploading");
  // Whether the uploading thread ever saw connected() false.
  private volatile boolean away;

  private App(String name, AwareSocket socket) {
    this.name = name;
    this.socket = socket;
    socket.on("feed", args -> feed.add(((JSONObject) args[0]).getInt("n")));
    socket.on(Socket.EVENT_CONNECT, args -> seen.add("connect"));
    socket.on(Socket.EVENT_DISCONNECT, args -> seen.add("disconnect"));
    socket.on("drain:moving", args -> seen.add("moving"));
    socket.on("drain:failed", args -> seen.add("failed"));
    socket.on(
        "drain:moved",
        args -> {
          seen.add("moved");
          moved.add((JSONObject) args[0]);
        });
  }

  static App at(String url, String name, IO.Options io, UnaryOperator<AwareOptions> change) {
    AwareOptions options =
        change.apply(AwareOptions.defaults().withReady(joining(name)).withOrigins(origin -> true));
    return new App(name, DrainAware.socket(url, io, options)).connected();
  }

  static App at(String url, String name) {
    return at(url, name, websocket(), same -> same);
  }

  static IO.Options websocket() {
    IO.Options io = new IO.Options();
    io.transports = new String[] {"websocket"};
    return io;
  }

  static Ready joining(String name) {
    return (socket, moving) -> {
      CompletableFuture<Void> joined = new CompletableFuture<>();
      socket.emit("join", new Object[] {name}, answer -> joined.complete(null));
      return joined;
    };
  }

  /** The same application in another namespace of the same connection. */
  App in(String namespace) {
    return new App(name + namespace, socket.socket(namespace)).connected();
  }

  private App connected() {
    socket.connect();
    awaitFeed(1);
    return this;
  }

  /** Uploads, numbered from 0, until {@link #stop()}. */
  App uploading() {
    var unused =
        uploading.scheduleAtFixedRate(this::upload, 0, UPLOAD_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  private void upload() {
    away |= !socket.connected();
    AtomicInteger answered = new AtomicInteger();
    int number = answers.size();
    answers.add(answered);
    socket.emit("upload", name, number, (io.socket.client.Ack) args -> answered.incrementAndGet());
  }

  void stop() throws InterruptedException {
    uploading.shutdown();
    assertThat(uploading.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  void awaitFeed(int more) {
    int until = feed.size() + more;
    Await.until("feed " + name + " " + seen, () -> feed.size() >= until);
  }

  void awaitSeen(String event, int times) {
    Await.until(
        () -> event + " of " + name + ": " + seen,
        Await.SOON,
        () -> seen.stream().filter(event::equals).count() >= times);
  }

  /** From its first message on: none missing, none twice, none out of order. */
  void assertFeedWhole() {
    List<Integer> got = List.copyOf(feed);
    List<Integer> whole = new ArrayList<>();
    for (int i = 0; i < got.size(); i++) {
      whole.add(got.get(0) + i);
    }
    assertThat(got).as("feed of " + name).isEqualTo(whole);
  }

  /** Every upload dispatched once and in order, every one acknowledged once. */
  void assertUploadsWhole(Newsroom newsroom) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      all.add(i);
    }
    Await.until(
        () -> "answers of " + name + ": " + answers,
        Await.SOON,
        () -> answers.stream().allMatch(answer -> answer.get() > 0));
    assertThat(newsroom.uploads(name)).as("uploads of " + name).isEqualTo(all);
    assertThat(answers).as("answers of " + name).allMatch(answer -> answer.get() == 1);
  }

  /**
   * The promises to a stock client that was cut: nothing comes twice or out of order, and no
   * acknowledged upload is lost. Uploads on the way at the moment of the cut may be lost, but no
   * later ones.
   */
  void assertAcknowledgedIsDispatched(Newsroom newsroom) {
    int last = answers.size() - 1;
    Await.until("the last answer of " + name, () -> answers.get(last).get() > 0);
    assertThat(newsroom.uploads(name)).as("uploads of " + name).doesNotHaveDuplicates().isSorted();
    for (int i = 0; i <= last; i++) {
      assertThat(answers.get(i).get()).as("answers to " + i).isLessThanOrEqualTo(1);
      if (answers.get(i).get() == 1) {
        assertThat(newsroom.uploads(name)).contains(i);
      }
    }
  }

  AwareSocket socket() {
    return socket;
  }

  List<String> seen() {
    return seen;
  }

  List<JSONObject> moved() {
    return moved;
  }

  int messages() {
    return feed.size();
  }

  int uploads() {
    return answers.size();
  }

  boolean away() {
    return away;
  }

  @Override
  public void close() {
    uploading.shutdownNow();
    socket.disconnect();
  }
}
