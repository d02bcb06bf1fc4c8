package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The Java client as an agent of the conformance table: each line, read or written, is one JSON
 * object. It does everything on the event thread, so lines come in the order of events.
 */
final class Agent {
  private static final String[] OWN_EVENTS = {
    "drain:moving", "drain:switched", "drain:moved", "drain:failed"
  };

  private static final List<String> MANAGER_EVENTS =
      List.of(
          Manager.EVENT_OPEN,
          Manager.EVENT_CLOSE,
          Manager.EVENT_ERROR,
          Manager.EVENT_RECONNECT_ATTEMPT,
          Manager.EVENT_RECONNECT,
          Manager.EVENT_RECONNECT_ERROR);

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final SkippingTimers timers = new SkippingTimers();
  private final Map<String, AwareSocket> sockets = new LinkedHashMap<>();
  // Events that want an acknowledgement and do not have it yet.
  private final List<Question> questions = new ArrayList<>();
  private IO.Options options = new IO.Options();
  private int run;
  private boolean closing;

  private record Question(String namespace, String event, Ack ack) {}

  private Agent() {}

  public static void main(String[] args) throws IOException {
    Agent agent = new Agent();
    JSONObject cannot =
        new JSONObject()
            .put("volatile", "socket.io-client 2.1 for Java has no volatile emits")
            .put("recovery", "socket.io-client 2.1 for Java does not look at pid");
    agent.say(new JSONObject().put("is", "ready").put("cannot", cannot));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JSONObject command = new JSONObject(line);
      if (command.getString("do").equals("exit")) {
        break;
      }
      EventThread.exec(() -> agent.act(command));
    }
    // The client's threads are no daemons.
    System.exit(0);
  }

  private void act(JSONObject command) {
    try {
      switch (command.getString("do")) {
        case "open" -> open(command);
        case "emit" -> emit(command);
        case "answer" -> answer(command);
        case "disconnect" -> disconnect(command);
        case "state" -> state();
        case "skipTime" -> timers.skip(command.getLong("ms"));
        default -> throw new IllegalArgumentException("do: " + command + " (expected: a command)");
      }
    } catch (RuntimeException e) {
      say(new JSONObject().put("is", "error").put("message", e.toString()));
    }
  }

  private void open(JSONObject command) {
    run++;
    closing = false;
    sockets.values().forEach(AwareSocket::disconnect);
    sockets.clear();
    questions.clear();

    IO.Options io = new IO.Options();
    options = io;
    io.transports = strings(command.getJSONArray("transports")).toArray(new String[0]);
    JSONObject query = command.optJSONObject("query", new JSONObject());
    List<String> parameters = new ArrayList<>();
    for (String name : query.keySet()) {
      parameters.add(encoded(name) + "=" + encoded(query.get(name).toString()));
    }
    String own = String.join("&", parameters);
    io.query = own.isEmpty() ? null : own;
    JSONObject auth = command.optJSONObject("auth");
    if (auth != null) {
      io.auth = texts(auth);
    }

    AwareSocket first = null;
    for (String namespace : strings(command.getJSONArray("namespaces"))) {
      AwareSocket socket =
          first == null
              ? DrainAware.socket(
                  URI.create(command.getString("url") + namespace), io, options(command), timers)
              : first.socket(namespace);
      first = first == null ? socket : first;
      sockets.put(namespace, socket);
      tell(namespace, socket);
      react(command, socket);
    }
    manager(first, command.optBoolean("countAttempts"), own);
    sockets.values().forEach(AwareSocket::connect);
  }

  private void tell(String namespace, AwareSocket socket) {
    int mine = run;
    socket.onAnyIncoming(
        nameAndArgs -> {
          String event = String.valueOf(nameAndArgs[0]);
          JSONArray args = new JSONArray();
          for (int i = 1; i < nameAndArgs.length; i++) {
            if (nameAndArgs[i] instanceof Ack ack) {
              questions.add(new Question(namespace, event, ack));
            } else {
              args.put(nameAndArgs[i]);
            }
          }
          event(mine, namespace, event, args);
        });
    socket.on(Socket.EVENT_CONNECT, args -> event(mine, namespace, "connect", new JSONArray()));
    socket.on(
        Socket.EVENT_DISCONNECT,
        args -> event(mine, namespace, "disconnect", new JSONArray().put(args[0])));
    socket.on(
        Socket.EVENT_CONNECT_ERROR,
        args -> event(mine, namespace, "connect_error", new JSONArray().put(words(args[0]))));
    for (String own : OWN_EVENTS) {
      socket.on(own, args -> own(mine, namespace, own, (JSONObject) args[0]));
    }
  }

  /** What the application does in its listeners. */
  private void react(JSONObject command, AwareSocket socket) {
    JSONObject emits = command.optJSONObject("emitOn", new JSONObject());
    for (String event : emits.keySet()) {
      List<Object> word = emits.getJSONArray(event).toList();
      Object[] given =
          word.stream()
              .skip(1)
              .map(each -> each instanceof Map ? new JSONObject((Map<?, ?>) each) : each)
              .toArray();
      socket.on(event, args -> socket.emit((String) word.get(0), given, null));
    }
    JSONObject refresh = command.optJSONObject("refresh");
    if (refresh != null) {
      socket.once(
          Socket.EVENT_CONNECT_ERROR,
          args ->
              later(
                  command.optLong("refreshMs"),
                  () -> {
                    options.auth = texts(refresh);
                    socket.connect();
                  }));
    }
  }

  private void later(long ms, Runnable action) {
    if (ms > 0) {
      timers.after(ms, action);
    } else {
      action.run();
    }
  }

  private void manager(AwareSocket first, boolean countAttempts, String query) {
    int mine = run;
    for (String event : MANAGER_EVENTS) {
      first
          .io()
          .on(
              event,
              args -> {
                if (mine != run || closing) {
                  return; // the end of the scenario is no part of it
                }
                JSONArray told = new JSONArray();
                for (Object arg : args) {
                  told.put(arg instanceof Exception error ? error.getMessage() : arg);
                }
                say(new JSONObject().put("is", "manager").put("event", event).put("args", told));
                if (countAttempts && event.equals(Manager.EVENT_RECONNECT_ATTEMPT)) {
                  options.query = (query.isEmpty() ? "" : query + "&") + "attempt=" + args[0];
                }
              });
    }
  }

  private void disconnect(JSONObject command) {
    String namespace = command.optString("ns", null);
    if (namespace == null) {
      closing = true;
      sockets.values().forEach(AwareSocket::disconnect);
    } else {
      sockets.get(namespace).disconnect();
    }
  }

  private static Map<String, String> texts(JSONObject object) {
    Map<String, String> texts = new HashMap<>();
    object.toMap().forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }

  private static String words(Object error) {
    return error instanceof JSONObject refusal
        ? refusal.optString("message")
        : String.valueOf(error);
  }

  private void own(int mine, String namespace, String event, JSONObject figures) {
    if (!event.equals("drain:switched")) {
      event(mine, namespace, event, new JSONArray().put(figures));
    } else if (mine == run) {
      say(
          new JSONObject()
              .put("is", "event")
              .put("ns", namespace)
              .put("event", event)
              .put("args", new JSONArray().put(figures))
              .put("id", sockets.get(namespace).id()));
    }
  }

  private void event(int mine, String namespace, String event, JSONArray args) {
    if (mine == run) {
      say(
          new JSONObject()
              .put("is", "event")
              .put("ns", namespace)
              .put("event", event)
              .put("args", Bytes.fromBytes(args)));
    }
  }

  private AwareOptions options(JSONObject command) {
    AwareOptions aware =
        origins(prepared(command.opt("ready")), command.get("origins"))
            .withOverlap(Duration.ofMillis(command.optLong("overlapMs", 500)));
    Object dedupe = command.opt("dedupe");
    if (Boolean.FALSE.equals(dedupe)) {
      return aware.withoutDedupe();
    }
    if ("content".equals(dedupe)) {
      return aware.withDedupe(Dedupe.byContent());
    }
    return "n".equals(dedupe) ? aware.withDedupe(Dedupe.property("n")) : aware;
  }

  private AwareOptions prepared(Object ready) {
    if (Boolean.FALSE.equals(ready)) {
      return AwareOptions.quiet();
    }
    return "none".equals(ready)
        ? AwareOptions.defaults()
        : AwareOptions.defaults().withReady(ready(ready == null ? "ok" : ready.toString()));
  }

  private static AwareOptions origins(AwareOptions aware, Object origins) {
    if (origins instanceof JSONArray list) {
      return aware.withOrigins(strings(list).toArray(new String[0]));
    }
    return switch (String.valueOf(origins)) {
      case "loopback" -> aware.withOrigins(origin -> origin.matches("http://127\\.0\\.0\\.1:.*"));
      case "own" -> aware;
      default -> throw new IllegalArgumentException("origins: " + origins + " (expected: one)");
    };
  }

  private Ready ready(String how) {
    if (how.equals("ok")) {
      return (socket, moving) -> null;
    }
    if (how.equals("reject")) {
      return (socket, moving) ->
          CompletableFuture.failedFuture(new IllegalStateException("not ready"));
    }
    if (how.startsWith("slow:")) {
      long millis = Long.parseLong(how.substring("slow:".length()));
      return (socket, moving) ->
          new CompletableFuture<Void>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
    }
    if (how.equals("join")) {
      return (socket, moving) -> {
        CompletableFuture<Void> joined = new CompletableFuture<>();
        socket.emit("join", new Object[0], answer -> joined.complete(null));
        return joined;
      };
    }
    throw new IllegalArgumentException("ready: " + how + " (expected: ok, reject, slow:MS, join)");
  }

  private void emit(JSONObject command) {
    AwareSocket socket = sockets.get(command.getString("ns"));
    Object[] given = args(command);
    Object id = command.opt("id");
    int mine = run;
    Ack ack =
        answer -> {
          if (mine == run) {
            JSONArray answered = new JSONArray();
            for (Object part : answer) {
              answered.put(part);
            }
            say(
                new JSONObject()
                    .put("is", "ack")
                    .put("id", id)
                    .put("args", Bytes.fromBytes(answered)));
          }
        };
    try {
      socket.emit(command.getString("event"), given, command.optBoolean("ack") ? ack : null);
      if (command.optBoolean("reuse")) {
        ((JSONObject) given[0]).put("n", -1);
      }
    } catch (IllegalStateException e) {
      say(new JSONObject().put("is", "ackError").put("id", id).put("message", e.getMessage()));
    }
  }

  private void answer(JSONObject command) {
    List<Question> asked =
        questions.stream()
            .filter(question -> question.namespace().equals(command.getString("ns")))
            .filter(question -> question.event().equals(command.getString("event")))
            .toList();
    questions.removeAll(asked);
    asked.forEach(question -> question.ack().call(args(command)));
  }

  private static Object[] args(JSONObject command) {
    List<Object> args = new ArrayList<>();
    command.getJSONArray("args").forEach(each -> args.add(Bytes.toBytes(each)));
    return args.toArray();
  }

  private void state() {
    AwareSocket socket = sockets.values().iterator().next();
    say(
        new JSONObject()
            .put("is", "state")
            .put("connected", socket.connected())
            .put("id", socket.id() == null ? JSONObject.NULL : socket.id())
            .put("move", socket.moveState().name().toLowerCase(Locale.ROOT)));
  }

  private void say(JSONObject message) {
    out.println(message);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<String> strings(JSONArray array) throws JSONException {
    List<String> strings = new ArrayList<>();
    array.forEach(each -> strings.add((String) each));
    return strings;
  }

  /** A clock that jumps: each task still runs at its own time. */
  private static final class SkippingTimers implements Timers {
    private long skipped;

    void skip(long millis) {
      skipped += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public long nanoTime() {
      return System.nanoTime() + skipped;
    }

    @Override
    public Cancellable after(long millis, Runnable task) {
      return EventTimers.shared().after(millis, task);
    }
  }
}
