package io.gracefuldrain.socketio;

import io.gracefuldrain.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Socket.IO by hand over long-polling. It polls when a test says so. */
final class ScriptedPoller {
  static final String UNKNOWN_SESSION = "{\"code\":1,\"message\":\"Session ID unknown\"}";

  private static final Pattern SESSION = Pattern.compile("\"sid\":\"([0-9a-f-]{36})\"");
  private static final Pattern FEED = Pattern.compile("\\[\"feed\",\"([^\"]*)\",(\\d+)\\]");

  private final FeedServer pod;
  private final String query;
  private final UUID session;
  private final List<String> packets = new ArrayList<>();

  private ScriptedPoller(FeedServer pod, String query, UUID session) {
    this.pod = pod;
    this.query = query;
    this.session = session;
  }

  /** A stock client, in the main namespace. */
  static ScriptedPoller join(FeedServer pod) throws IOException {
    return connect(pod, "EIO=4").joined();
  }

  static ScriptedPoller connect(FeedServer pod, String query) throws IOException {
    TestHttp.Answer handshake = TestHttp.get(pod, query + "&transport=polling");
    Matcher sid = SESSION.matcher(handshake.body());
    if (!sid.find()) {
      throw new IOException("no sid in " + handshake);
    }
    UUID session = UUID.fromString(sid.group(1));
    return new ScriptedPoller(pod, query + "&transport=polling&sid=" + session, session);
  }

  ScriptedPoller joined() throws IOException {
    post("40");
    while (packets.stream().noneMatch(packet -> packet.startsWith("40"))) {
      poll();
    }
    return this;
  }

  UUID session() {
    return session;
  }

  /** The query of its requests. */
  String query() {
    return query;
  }

  TestHttp.Answer post(String packet) throws IOException {
    return TestHttp.post(pod, query, packet);
  }

  TestHttp.Answer postQuietly(String packet) {
    try {
      return post(packet);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Is ready for a test's messages, and gets nothing else. */
  FeedSession ready(String name) throws IOException {
    post("42[\"ready\",\"" + name + "\",\"" + FeedServer.QUIET + "\"]");
    Await.until("the session", () -> pod.session(session, "") != null);
    return pod.session(session, "");
  }

  /** Polls, and reads the answer. */
  TestHttp.Answer poll() throws IOException {
    return take(TestHttp.get(pod, query));
  }

  /** A poll that may stay pending. */
  CompletableFuture<TestHttp.Answer> pending() {
    return TestHttp.pending(pod, query);
  }

  TestHttp.Answer take(TestHttp.Answer answer) {
    if (answer.status() == 200) {
      packets.addAll(List.of(answer.body().split("\u001e", -1)));
    }
    return answer;
  }

  List<String> packets() {
    return packets;
  }

  /** The numbers of its feed, in the order in which they came. */
  List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (String packet : packets) {
      Matcher feed = FEED.matcher(packet);
      if (feed.find()) {
        numbers.add(Integer.valueOf(feed.group(2)));
      }
    }
    return numbers;
  }
}
