package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.MovedFrom;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The examples of docs/patterns.md, which shows their methods. */
final class Patterns {
  /** The application's way from one pod to all, itself included. */
  interface Bus {
    void publish(String topic, Object message);

    void subscribe(String topic, Consumer<Object> heard);
  }

  private Patterns() {}

  /** Stands for the application's own authentication. */
  private static String user(SocketIOClient client) {
    return String.valueOf(client.getHandshakeData().getSingleUrlParam("user"));
  }

  private static String id(SocketIOClient client) {
    return client.getSessionId().toString();
  }

  // ---------------------------------------------------------------- one session a user

  /**
   * Whoever comes last stays.
   *
   * @param sessions the session of each user, shared by all pods
   */
  record OneSession(
      SocketIOServer server, SocketIoDrain drain, ConcurrentMap<String, String> sessions, Bus bus) {
    void listen() {
      server.addConnectListener(
          client -> {
            String older = sessions.put(user(client), id(client));
            if (older != null) {
              bus.publish("replaced", older);
            }
          });
      server.addDisconnectListener(client -> sessions.remove(user(client), id(client)));
      bus.subscribe("replaced", session -> replaced((String) session)); // on every pod
    }

    private void replaced(String session) {
      SocketIOClient older = server.getClient(UUID.fromString(session));
      if (older != null && !drain.moving(older)) { // who was asked to move goes by himself
        older.sendEvent("kicked");
        older.disconnect();
      }
    }
  }

  // ---------------------------------------------------------------- presence

  /**
   * A user is online while he has a session.
   *
   * @param online the sessions of each user, shared by all pods
   */
  record Presence(SocketIOServer server, ConcurrentMap<String, Set<String>> online, Bus bus) {
    void listen() {
      server.addConnectListener(
          client -> {
            if (add(user(client), id(client)) == 1) {
              bus.publish("online", user(client));
            }
          });
      server.addDisconnectListener(
          client -> {
            if (remove(user(client), id(client)) == 0) {
              bus.publish("offline", user(client));
            }
          });
    }

    /** How many sessions the user has then: SADD and SCARD in Redis. */
    private int add(String user, String session) {
      return online.merge(user, Set.of(session), Patterns::union).size();
    }

    /** How many sessions the user has then: SREM and SCARD in Redis. */
    private int remove(String user, String session) {
      return online.computeIfPresent(user, (u, all) -> without(all, session)).size();
    }
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return all;
  }

  private static Set<String> without(Set<String> all, String one) {
    Set<String> rest = new HashSet<>(all);
    rest.remove(one);
    return rest;
  }

  /** Who comes and goes, without a store: a move is neither. */
  record ComingAndGoing(SocketIOServer server, SocketIoDrain drain, Bus bus) {
    void listen() {
      server.addConnectListener(
          client -> {
            if (drain.movedFrom(client).isEmpty()) {
              bus.publish("joined", user(client));
            }
          });
      server.addDisconnectListener(
          client -> {
            if (drain.movedTo(client).isEmpty()) {
              bus.publish("left", user(client));
            }
          });
    }
  }

  // ---------------------------------------------------------------- limits

  /**
   * At most so many sessions a user.
   *
   * @param sessions the sessions of each user, shared by all pods
   */
  record Limit(
      int most,
      SocketIOServer server,
      SocketIoDrain drain,
      ConcurrentMap<String, Set<String>> sessions,
      Bus bus) {
    void listen() {
      server.addConnectListener(
          client -> {
            String from = drain.movedFrom(client).map(MovedFrom::connection).orElse("");
            Set<String> all =
                sessions.merge(
                    user(client),
                    Set.of(id(client)),
                    (known, fresh) -> union(without(known, from), fresh)); // it takes that place
            if (!from.isEmpty()) {
              bus.publish("replaced", from);
            }
            if (all.size() > most) {
              client.sendEvent("too many");
              client.disconnect();
            }
          });
      server.addDisconnectListener(this::free);
      drain.onLetGo(this::free); // its session is handed over, and ends when the next pod has it
      bus.subscribe("replaced", session -> replaced((String) session)); // on every pod
    }

    private void free(SocketIOClient client) {
      sessions.computeIfPresent(user(client), (u, all) -> without(all, id(client)));
    }

    private void replaced(String session) {
      SocketIOClient older = server.getClient(UUID.fromString(session));
      if (older != null && !drain.moving(older)) { // nobody has asked it to move
        older.disconnect();
      }
    }
  }

  // ---------------------------------------------------------------- bans

  /**
   * Who is banned has no connection, and gets none.
   *
   * @param banned shared by all pods
   */
  record Bans(SocketIOServer server, Set<String> banned, Bus bus) {
    void listen() {
      server.addConnectListener(
          client -> {
            if (banned.contains(user(client))) {
              client.disconnect();
            }
          });
      bus.subscribe("banned", user -> disconnect((String) user)); // on every pod
    }

    void ban(String user) {
      banned.add(user); // first: whoever connects from now on sees it
      bus.publish("banned", user);
    }

    private void disconnect(String user) {
      for (SocketIOClient client : server.getAllClients()) {
        if (user(client).equals(user)) {
          client.disconnect(); // of one that moves, both connections
        }
      }
    }
  }

  // ---------------------------------------------------------------- everybody but me

  /** A message to all but its sender, who may have two connections. */
  record EverybodyBut(SocketIOServer server, SocketIoDrain drain, Bus bus) {
    void listen() {
      server.addEventListener(
          "chat",
          String.class,
          (client, text, ack) -> bus.publish("chat", Map.of("text", text, "from", ids(client))));
      bus.subscribe("chat", message -> chat((Map<?, ?>) message)); // on every pod
    }

    private void chat(Map<?, ?> message) {
      Set<?> from = (Set<?>) message.get("from");
      for (SocketIOClient client : server.getAllClients()) {
        if (ids(client).stream().noneMatch(from::contains)) {
          client.sendEvent("chat", message.get("text"));
        }
      }
    }

    /** A connection and the one that it has been moved from. */
    private Set<String> ids(SocketIOClient client) {
      Set<String> ids = new HashSet<>();
      ids.add(id(client));
      drain.movedFrom(client).ifPresent(from -> ids.add(from.connection()));
      return ids;
    }
  }

  // ---------------------------------------------------------------- a bus that lags

  /**
   * Says what was heard in the last moments once more to clients that are handed over
   * (docs/handover.md).
   */
  record LastMoments(SocketIOServer server, SocketIoDrain drain, Bus bus, Queue<Heard> heard) {
    private static final long LAG = TimeUnit.MILLISECONDS.toNanos(300);

    record Heard(long at, Map<?, ?> message) {}

    void listen() {
      bus.subscribe("chat", message -> chat((Map<?, ?>) message)); // it has its drainId
      drain.onRecovered((client, previousId) -> heard.forEach(last -> again(client, last)));
    }

    private void chat(Map<?, ?> message) {
      heard.add(new Heard(System.nanoTime(), message)); // before it is sent
      heard.removeIf(last -> System.nanoTime() - last.at() > LAG);
      server.getRoomOperations("chat").sendEvent("chat", message);
    }

    private void again(SocketIOClient client, Heard last) {
      if (System.nanoTime() - last.at() < LAG && client.getAllRooms().contains("chat")) {
        client.sendEvent("chat", last.message()); // with the same drainId
      }
    }
  }
}
