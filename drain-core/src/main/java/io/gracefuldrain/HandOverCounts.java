package io.gracefuldrain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many sessions were handed over to other pods, or kept for it, and how many this pod has asked
 * others for; every number only grows.
 *
 * @param kept sessions that were to be kept when their clients were let go. Each is taken, expires,
 *     or is refused as {@code too_big}, {@code pod_full}, {@code unproven}, {@code disconnected},
 *     {@code forced} or {@code unconfirmed}; until then it waits
 * @param offered of these, how many waited for a pod: all that was sent before had arrived
 * @param taken of these, how many a pod has taken, and has said that its client has it
 * @param expired of these, for how many nobody has come in time
 * @param refused by reason: sessions that were not handed over, requests that were refused, and, as
 *     {@code late_ack}, events of clients that came too late and ask for an acknowledgement
 * @param packets packets that were handed over
 * @param bytes bytes that were handed over
 * @param fetched what has become of those that this pod has asked others for; only what there is
 */
public record HandOverCounts(
    long kept,
    long offered,
    long taken,
    long expired,
    Map<String, Long> refused,
    long packets,
    long bytes,
    Map<HandOverResult, Long> fetched) {
  /** Nothing. */
  static final HandOverCounts NONE = new HandOverCounts(0, 0, 0, 0, Map.of(), 0, 0, Map.of());

  /** All reasons that are counted by name; the last one is for those that adapters have besides. */
  private static final List<String> REASONS =
      List.of(
          "too_big",
          "pod_full",
          "unproven",
          "disconnected",
          "forced",
          "unconfirmed",
          "late_ack",
          "identity",
          "malformed",
          "early",
          "unknown",
          "taken",
          "thrown_out",
          "expired",
          "mac",
          "time",
          "replayed",
          "token",
          "busy",
          "failed",
          "other");

  /** All reasons that there are. */
  public static List<String> reasons() {
    return REASONS;
  }

  /** Copies the maps, which may change. */
  public HandOverCounts {
    refused = Map.copyOf(refused);
    fetched = Map.copyOf(fetched);
  }

  /** What has been counted since an earlier time. */
  HandOverCounts since(HandOverCounts before) {
    return new HandOverCounts(
        kept - before.kept(),
        offered - before.offered(),
        taken - before.taken(),
        expired - before.expired(),
        since(refused, before.refused()),
        packets - before.packets(),
        bytes - before.bytes(),
        since(fetched, before.fetched()));
  }

  private static <K> Map<K, Long> since(Map<K, Long> now, Map<K, Long> before) {
    Map<K, Long> more = new HashMap<>();
    now.forEach(
        (what, count) -> {
          long since = count - before.getOrDefault(what, 0L);
          if (since > 0) {
            more.put(what, since);
          }
        });
    return more;
  }
}
