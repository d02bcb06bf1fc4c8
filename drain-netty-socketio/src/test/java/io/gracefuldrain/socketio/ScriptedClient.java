package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Socket.IO by hand over one WebSocket. It acts only on a test's command. */
final class ScriptedClient implements AutoCloseable {
  /**
   * An event from the server.
   *
   * @param namespace its namespace; empty for the main one
   * @param name its name
   * @param data its first argument
   * @param ack the number of the acknowledgement that it wants, or -1
   * @param at its place among all messages that came
   */
  record Event(String namespace, String name, JsonNode data, long ack, int at) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SESSION = Pattern.compile("\"sid\":\"([0-9a-f-]{36})\"");
  private static final Pattern EVENT =
      Pattern.compile("42(?:(/[^,\\[]*),)?(\\d*)(\\[.*)", Pattern.DOTALL);

  private final WireSocket wire;
  private final UUID session;
  private int nextAck;

  private ScriptedClient(WireSocket wire) {
    this.wire = wire;
    Matcher open = SESSION.matcher(wire.await("the handshake", message -> message.startsWith("0")));
    if (!open.find()) {
      throw new IllegalStateException("no sid in " + wire.messages());
    }
    this.session = UUID.fromString(open.group(1));
  }

  /** A stock client of protocol 4, in the main namespace. */
  static ScriptedClient stock(FeedServer pod) throws IOException {
    return new ScriptedClient(WireSocket.open(pod.port(), "EIO=4")).join("");
  }

  /** A client that knows the hint, in the main namespace. */
  static ScriptedClient aware(FeedServer pod) throws IOException {
    return aware(pod, "");
  }

  static ScriptedClient aware(FeedServer pod, String namespace) throws IOException {
    return new ScriptedClient(WireSocket.open(pod.port(), "EIO=4&drain=1")).join(namespace);
  }

  /** A client with the query of a test, in no namespace yet. */
  static ScriptedClient connect(FeedServer pod, String query) throws IOException {
    return new ScriptedClient(WireSocket.open(pod.port(), query));
  }

  /** A client over an existing connection. */
  static ScriptedClient over(WireSocket wire) {
    return new ScriptedClient(wire);
  }

  ScriptedClient join(String namespace) {
    wire.send("40" + (namespace.isEmpty() ? "" : namespace + ","));
    String joined = "40" + (namespace.isEmpty() ? "{" : namespace + ",");
    wire.await(joined, message -> message.startsWith(joined));
    return this;
  }

  /** Asks for the feed in a namespace, and waits until it begins. */
  FeedSession feed(FeedServer pod, String namespace, String name) {
    emit(namespace, "\"ready\",\"" + name + "\",\"SCRIPTED\"");
    wire.await("a feed", message -> message.contains("\"feed\""));
    return pod.session(session, namespace);
  }

  /** Is ready for a test's messages, and gets nothing else. */
  FeedSession ready(FeedServer pod, String namespace, String name) {
    awaitAck(
        namespace,
        emitForAck(namespace, "\"ready\",\"" + name + "\",\"" + FeedServer.QUIET + "\""));
    return pod.session(session, namespace);
  }

  WireSocket wire() {
    return wire;
  }

  UUID session() {
    return session;
  }

  void emit(String namespace, String arguments) {
    wire.send("42" + prefix(namespace) + "[" + arguments + "]");
  }

  /** Emits, and asks for an acknowledgement; returns its number. */
  int emitForAck(String namespace, String arguments) {
    int ack = nextAck++;
    wire.send("42" + prefix(namespace) + ack + "[" + arguments + "]");
    return ack;
  }

  boolean acknowledged(String namespace, int ack) {
    String start = "43" + prefix(namespace) + ack + "[";
    return wire.messages().stream().anyMatch(message -> message.startsWith(start));
  }

  void awaitAck(String namespace, int ack) {
    String start = "43" + prefix(namespace) + ack + "[";
    wire.await("acknowledgement " + start, message -> message.startsWith(start));
  }

  void acknowledge(Event event) {
    wire.send("43" + prefix(event.namespace()) + event.ack() + "[]");
  }

  private static String prefix(String namespace) {
    return namespace.isEmpty() ? "" : namespace + ",";
  }

  /** All events of one name so far. */
  List<Event> events(String name) {
    List<Event> events = new ArrayList<>();
    List<String> messages = List.copyOf(wire.messages());
    for (int i = 0; i < messages.size(); i++) {
      Matcher event = EVENT.matcher(messages.get(i));
      if (event.matches() && event.group(3).startsWith("[\"" + name + "\"")) {
        events.add(parse(event, i));
      }
    }
    return events;
  }

  private static Event parse(Matcher event, int at) {
    try {
      JsonNode arguments = JSON.readTree(event.group(3));
      String ack = event.group(2);
      return new Event(
          event.group(1) == null ? "" : event.group(1),
          arguments.get(0).asText(),
          arguments.path(1),
          ack.isEmpty() ? -1 : Long.parseLong(ack),
          at);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(event.group(), e);
    }
  }

  Event awaitEvent(String name) {
    return awaitEvents(name, 1).get(0);
  }

  List<Event> awaitEvents(String name, int count) {
    Await.until(count + " " + name, () -> events(name).size() >= count);
    return events(name);
  }

  /** The numbers of one session's feed, in the order in which they came. */
  List<Integer> numbers(FeedSession of) {
    Pattern feed = Pattern.compile("\\[\"feed\",\"" + Pattern.quote(of.id()) + "\",(\\d+)\\]");
    List<Integer> numbers = new ArrayList<>();
    for (String message : wire.messages()) {
      Matcher matcher = feed.matcher(message);
      if (matcher.find()) {
        numbers.add(Integer.valueOf(matcher.group(1)));
      }
    }
    return numbers;
  }

  /** Fails unless the feed of a session came whole and in order. */
  void gotAllOf(FeedSession session) {
    assertThat(numbers(session)).isEqualTo(IntStream.range(0, session.owed()).boxed().toList());
  }

  /** Waits until the server lets go. */
  WireSocket.End end() throws Exception {
    return wire.end(Duration.ofSeconds(10));
  }

  @Override
  public void close() {
    wire.close();
  }
}
