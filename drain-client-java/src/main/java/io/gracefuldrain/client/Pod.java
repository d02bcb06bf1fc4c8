package io.gracefuldrain.client;

import java.util.Objects;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The pod at the other end of a connection, as its {@code drain:hello} named it. */
final class Pod {
  /** The pod of a connection without a hello. */
  static final Pod UNKNOWN = new Pod("unknown", "unknown", null);

  /** What a hello is expected to be. */
  static final String FORM = "{pod: string, generation: string, epoch?: string}";

  private final String pod;
  private final String generation;
  private final @Nullable String epoch;

  Pod(String pod, String generation, @Nullable String epoch) {
    this.pod = pod;
    this.generation = generation;
    this.epoch = epoch;
  }

  /** Reads a hello; null if it is malformed. */
  static @Nullable Pod of(Object[] hello) {
    if (hello.length == 0 || !(hello[0] instanceof JSONObject)) {
      return null;
    }
    JSONObject fields = (JSONObject) hello[0];
    Object pod = fields.opt("pod");
    Object generation = fields.opt("generation");
    Object epoch = fields.opt("epoch");
    boolean known = epoch != null && !JSONObject.NULL.equals(epoch);
    if (!isName(pod) || !isName(generation) || (known && !isName(epoch))) {
      return null;
    }
    return new Pod((String) pod, (String) generation, known ? (String) epoch : null);
  }

  private static boolean isName(@Nullable Object value) {
    return value instanceof String && !((String) value).isEmpty();
  }

  /**
   * Whether both are the same process. A process of a version that does not say its epoch may be
   * any of that name.
   */
  boolean isSamePlace(Pod other) {
    return pod.equals(other.pod)
        && generation.equals(other.generation)
        && (epoch == null || other.epoch == null || epoch.equals(other.epoch));
  }

  /** Whether it has said hello. */
  boolean known() {
    return !equals(UNKNOWN);
  }

  String pod() {
    return pod;
  }

  JSONObject toJson() {
    return new JSONObject().put("pod", pod).put("generation", generation);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Pod)) {
      return false;
    }
    Pod that = (Pod) other;
    return pod.equals(that.pod)
        && generation.equals(that.generation)
        && Objects.equals(epoch, that.epoch);
  }

  @Override
  public int hashCode() {
    return Objects.hash(pod, generation, epoch);
  }

  @Override
  public String toString() {
    return pod + " " + generation + " " + epoch;
  }
}
