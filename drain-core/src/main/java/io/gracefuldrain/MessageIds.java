package io.gracefuldrain;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for messages that may reach a client twice. While a client moves, it listens to its old pod
 * and to its new one. An aware client drops a message whose id it has seen before.
 *
 * <p>An id belongs to the message, not to the delivery. The pod that begins a broadcast makes it
 * once. It travels with the message to the other pods, which must not stamp the message again:
 *
 * <pre>{@code
 * MessageIds ids = MessageIds.of(coordinator.policy());
 *
 * // On the pod where it begins:
 * Map<String, Object> message = ids.stamp(Map.of("text", "hello")); // {text: hello, drainId: ...}
 * bus.publish("chat", message);
 *
 * // On every pod, the first one too:
 * bus.subscribe("chat", message -> {
 *   for (SocketIOClient client : server.getAllClients()) {
 *     client.sendEvent("chat", message);
 *   }
 * });
 * }</pre>
 *
 * <p>The client looks at the property {@link #PROPERTY} of an event's first argument. An app that
 * has its own sequence numbers does not need these ids: it tells its clients where to find the
 * number. With neither, nothing is dropped. A message that both pods send while a client moves then
 * arrives at least once, and perhaps twice.
 *
 * <p>There is no way to stamp every event that goes out, by a setting: where an event is written, a
 * pod does not know which event of another pod is the same. An id made there is another one on each
 * pod. One made of the content is the same on each, but a client can make that itself.
 *
 * <p>Ids are unique over pods, restarts and threads. Each is made of the pod's name, 72 random bits
 * of this object, and a count. Thread-safe; an id costs one atomic step.
 */
public final class MessageIds {
  /** The property that carries the id. */
  public static final String PROPERTY = "drainId";

  private static final int RANDOM_BYTES = 9;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String prefix;
  private final AtomicLong count = new AtomicLong();

  private MessageIds(String pod) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String run = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    this.prefix = pod + "." + run + ".";
  }

  /**
   * Ids of one pod. Several objects for the same pod do not collide.
   *
   * @param pod its name, for people who read ids
   * @throws IllegalArgumentException if the name is blank
   */
  public static MessageIds of(String pod) {
    if (Objects.requireNonNull(pod, "pod").isBlank()) {
      throw new IllegalArgumentException("pod: '" + pod + "' (expected: a name)");
    }
    return new MessageIds(pod);
  }

  /** Ids of the pod that a policy names. */
  public static MessageIds of(DrainPolicy policy) {
    return of(policy.pod());
  }

  /** A new id, different from all before it. */
  public String next() {
    return prefix + Long.toString(count.getAndIncrement(), Character.MAX_RADIX);
  }

  /**
   * A copy of a message, with a new id.
   *
   * @throws IllegalArgumentException if the message has an id; with a second one it would count as
   *     another message
   */
  public Map<String, Object> stamp(Map<String, ?> message) {
    if (message.containsKey(PROPERTY)) {
      throw new IllegalArgumentException(
          PROPERTY
              + ": "
              + message.get(PROPERTY)
              + " (expected: a message without one; an id is made once, and travels with it)");
    }
    Map<String, Object> stamped = new LinkedHashMap<>(message);
    stamped.put(PROPERTY, next());
    return stamped;
  }
}
