package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.client.AwareOptions;
import io.gracefuldrain.client.AwareSocket;
import io.gracefuldrain.client.Dedupe;
import io.gracefuldrain.client.DrainAware;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.JvmProcess;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;

/** A client that knows the hint: it reads the news, uploads all the time, and orders. */
final class Customer implements AutoCloseable {
  private static final long UPLOAD_EVERY_MILLIS = 20;

  private final AwareSocket socket;
  private final List<Long> news = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<AtomicInteger> answers = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService uploading =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "uploading");
            thread.setDaemon(true);
            return thread;
          });

  private Customer(String url) {
    IO.Options io = new IO.Options();
    io.transports = new String[] {"websocket"};
    io.forceNew = true;
    AwareOptions options =
        AwareOptions.quiet().withDedupe(Dedupe.property("n")).withOrigins(origin -> true);
    socket = DrainAware.socket(url, io, options);
    for (String event :
        List.of(Socket.EVENT_CONNECT, Socket.EVENT_DISCONNECT, "drain:moved", "drain:failed")) {
      socket.on(event, args -> seen.add(event + (args.length == 0 ? "" : " " + args[0])));
    }
    socket.on("news", args -> news.add(((JSONObject) args[0]).getLong("n")));
  }

  /** Connected, reading and uploading. */
  static Customer of(Shop shop) {
    Customer customer = new Customer(shop.url());
    customer.socket.connect();
    Await.until("the first news", JvmProcess.PATIENCE, () -> !customer.news.isEmpty());
    var unused =
        customer.uploading.scheduleAtFixedRate(
            customer::upload, 0, UPLOAD_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return customer;
  }

  private void upload() {
    AtomicInteger answered = new AtomicInteger();
    int number = answers.size();
    answers.add(answered);
    socket.emit("up", new Object[] {number}, (Ack) args -> answered.incrementAndGet());
  }

  /** Orders something that takes seconds. */
  CompletableFuture<Object> order(int id) {
    CompletableFuture<Object> served = new CompletableFuture<>();
    socket.emit("order", new Object[] {id}, (Ack) args -> served.complete(args[0]));
    return served;
  }

  /** It has moved in good time, and has noticed nothing: nothing is lost or comes twice. */
  void assertMovedAndLostNothing() throws InterruptedException {
    Await.until(
        () -> "the move: " + seen,
        JvmProcess.PATIENCE,
        () -> seen.stream().anyMatch(event -> event.startsWith("drain:moved")));
    int heard = news.size() + 3;
    Await.until("news of the next pod", JvmProcess.PATIENCE, () -> news.size() >= heard);
    uploading.shutdown();
    assertThat(uploading.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    Await.until(
        () -> "answers to uploads: " + answers,
        JvmProcess.PATIENCE,
        () -> answers.stream().allMatch(answer -> answer.get() > 0));
    assertThat(answers).as("answers to uploads").allMatch(answer -> answer.get() == 1);
    // A pod that is held up says its last news after the next pod has said newer ones.
    List<Long> got = news.stream().sorted().toList();
    List<Long> whole = new ArrayList<>();
    for (int i = 0; i < got.size(); i++) {
      whole.add(got.get(0) + i);
    }
    assertThat(got).as("news").isEqualTo(whole);
    assertThat(seen).containsOnlyOnce("connect");
    assertThat(seen).noneMatch(event -> event.startsWith("disconnect"));
    assertThat(seen).noneMatch(event -> event.startsWith("drain:failed"));
  }

  List<String> seen() {
    return seen;
  }

  @Override
  public void close() {
    uploading.shutdownNow();
    socket.disconnect();
  }
}
