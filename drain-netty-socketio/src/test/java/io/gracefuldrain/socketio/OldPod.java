package io.gracefuldrain.socketio;

import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.handover.HandOver;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the hand-over, and for the pod whose sessions are taken over. A test says what is
 * kept, and when the pod answers.
 */
final class OldPod implements HandOver {
  /** The id of the kept session on its pod. */
  static final UUID SESSION = UUID.fromString("00000000-0000-4000-8000-00000000000a");

  private record Kept(HandedState state, Mail mail) {}

  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Set<String> spent = ConcurrentHashMap.newKeySet();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<String> landed = new CopyOnWriteArrayList<>();
  private final List<String> unreadable = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> prepares = CompletableFuture.completedFuture(null);
  private volatile CompletableFuture<Void> takes = CompletableFuture.completedFuture(null);
  private volatile CompletableFuture<@Nullable Parcel> lands =
      CompletableFuture.completedFuture(null);
  private volatile UnaryOperator<HandedState> changes = UnaryOperator.identity();

  /** What a client without auth had in some namespaces, in no room. */
  static HandedState state(String pid, String... namespaces) {
    Map<String, Set<String>> rooms = new HashMap<>();
    Map<String, byte[]> identities = new HashMap<>();
    for (String namespace : namespaces) {
      rooms.put(namespace, Set.of());
      identities.put(namespace, new byte[0]);
    }
    return new HandedState(SESSION, pid, 0, rooms, Map.of(), identities);
  }

  /** Keeps a session, by its token. */
  OldPod keeps(String token, HandedState state, Mail mail) {
    kept.put(token, new Kept(state, mail));
    return this;
  }

  /** The session has another token, too. */
  OldPod alsoNamed(String other, String token) {
    Kept session = kept.get(token);
    if (session != null) {
      kept.put(other, session);
    }
    return this;
  }

  OldPod changes(String token, UnaryOperator<HandedState> change) {
    kept.computeIfPresent(token, (same, it) -> new Kept(change.apply(it.state()), it.mail()));
    return this;
  }

  /** Answers from now on when the returned future completes. */
  CompletableFuture<Void> preparesLate() {
    prepares = new CompletableFuture<>();
    return prepares;
  }

  CompletableFuture<Void> takesLate() {
    takes = new CompletableFuture<>();
    return takes;
  }

  /** The last of a session, when it has landed. */
  CompletableFuture<@Nullable Parcel> landsLate() {
    lands = new CompletableFuture<>();
    return lands;
  }

  /** What a session has changes between prepare and take. */
  OldPod changesBeforeTheTake(UnaryOperator<HandedState> change) {
    changes = change;
    return this;
  }

  List<String> asked() {
    return asked;
  }

  List<String> taken() {
    return taken;
  }

  /** What it was told that has landed. */
  List<String> landed() {
    return landed;
  }

  List<String> unreadable() {
    return unreadable;
  }

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public String token(String session) {
    return "own." + session;
  }

  @Override
  public String token(String session, Duration validFor) {
    return token(session);
  }

  @Override
  public boolean valid(String token) {
    return token.startsWith("own.") || kept.containsKey(token) || spent.contains(token);
  }

  @Override
  public boolean same(String token, String other) {
    Kept one = kept.get(token);
    return token.equals(other) || (one != null && one.equals(kept.get(other)));
  }

  @Override
  public void unreadable(String token) {
    unreadable.add(token);
  }

  @Override
  public CompletionStage<Prepared> prepare(String token, byte[] question) {
    asked.add(token);
    return prepares.thenApplyAsync(
        now -> {
          Kept session = kept.get(token);
          if (session == null) {
            throw refusal("unknown");
          }
          byte[] state = HandOverCodec.state(session.state());
          if (!equal(question, session.state())) {
            throw refusal("identity");
          }
          return new Prepared() {
            @Override
            public byte[] state() {
              return state;
            }

            @Override
            public CompletionStage<byte[]> take() {
              taken.add(token);
              return takes.thenApplyAsync(
                  later -> {
                    if (kept.remove(token) == null) {
                      throw refusal("taken");
                    }
                    spent.add(token);
                    return HandOverCodec.parcel(
                        new Parcel(changes.apply(session.state()), session.mail()));
                  });
            }

            @Override
            public CompletionStage<byte[]> landed() {
              landed.add(token);
              return lands.thenApplyAsync(
                  parcel -> parcel == null ? new byte[0] : HandOverCodec.parcel(parcel));
            }
          };
        });
  }

  private static boolean equal(byte[] question, HandedState state) {
    try {
      Map<String, byte[]> asks = HandOverCodec.readQuestion(question);
      return !asks.isEmpty()
          && asks.entrySet().stream()
              .allMatch(
                  one ->
                      state.identities().containsKey(one.getKey())
                          && MessageDigest.isEqual(
                              state.identities().get(one.getKey()), one.getValue()));
    } catch (HandOverRefusal e) {
      return false;
    }
  }

  private static IllegalStateException refusal(String reason) {
    return new IllegalStateException(new HandOverRefusal(reason, "refused"));
  }
}
