package io.gracefuldrain.client;

import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The figures of one move, as the application and the old pod are told. On the event thread. */
final class Receipt {
  private final String reason;
  private final Pod from;
  private final long begun;
  private Pod to = Pod.UNKNOWN;
  private long connected;
  private long released;
  private boolean cut;
  private boolean gap;
  private long cutAt;
  private int held;
  private int duplicates;

  /**
   * The receipt of a move that begins.
   *
   * @param begun as {@link Timers#nanoTime()}, like all moments here
   */
  Receipt(String reason, Pod from, long begun) {
    this.reason = reason;
    this.from = from;
    this.begun = begun;
  }

  void connected(long now) {
    connected = now;
  }

  /** The old connection has ended before the release. The first end counts. */
  void cut(long now) {
    if (!cut) {
      cut = true;
      cutAt = now;
    }
  }

  /** It was cut while no other connection was there, and the application has not been told. */
  void gap() {
    gap = true;
  }

  boolean hasGap() {
    return gap;
  }

  boolean wasCut() {
    return cut;
  }

  void arrivedAt(Pod pod) {
    to = pod;
  }

  void released(long now) {
    released = now;
  }

  long connectMs() {
    return millis(connected - begun);
  }

  void held(int emits) {
    held = emits;
  }

  void countDuplicate() {
    duplicates++;
  }

  /** The body of {@code drain:moving}. */
  JSONObject moving(long graceMs) {
    return new JSONObject()
        .put("reason", reason)
        .put("graceMs", graceMs)
        .put("from", from.toJson());
  }

  /**
   * The body of {@code drain:switched}.
   *
   * @param previousId null if the application had no connection
   */
  JSONObject switched(@Nullable String id, @Nullable String previousId) {
    return new JSONObject()
        .put("reason", reason)
        .put("from", from.toJson())
        .put("to", to.toJson())
        .put("id", orNull(id))
        .put("previousId", orNull(previousId));
  }

  private static Object orNull(@Nullable String value) {
    return value == null ? JSONObject.NULL : value;
  }

  /** The body of {@code drain:failed}. */
  JSONObject failed(Failure code, String message) {
    return new JSONObject().put("reason", reason).put("code", code.code()).put("message", message);
  }

  /** The body of {@code drain:landed}. */
  JSONObject landed() {
    return new JSONObject().put("pod", to.pod()).put("connectMs", millis(connected - begun));
  }

  /** The body of {@code drain:moved}. */
  JSONObject moved() {
    return new JSONObject()
        .put("reason", reason)
        .put("from", from.toJson())
        .put("to", to.toJson())
        .put("connectMs", millis(connected - begun))
        .put("tookMs", millis(released - begun))
        .put("held", held)
        .put("duplicates", duplicates)
        .put("downtimeMs", downtime());
  }

  private long downtime() {
    long away = connected - cutAt;
    return cut && away > 0 ? Math.max(1, millis(away)) : 0;
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
