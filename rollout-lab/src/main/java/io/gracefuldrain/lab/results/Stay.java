package io.gracefuldrain.lab.results;

import org.jspecify.annotations.Nullable;

/**
 * One connection of one client: from its Socket.IO connect to its end.
 *
 * @param sid the Engine.IO session id, by which it is found in the pods' ledgers
 * @param pod who answered, or null if it ended before the pod said its name
 * @param fromMs when it was connected, in milliseconds since the epoch
 * @param toMs when it ended, or null if it was there when the crowd was stopped
 * @param reason what the client said of the end, or null
 * @param received how many different messages of the feed came over it; of an aware client also
 *     those that another connection had brought
 * @param lastReceived the number of the last of them, or null
 * @param acknowledged how many of the client's own numbers were acknowledged over it
 * @param ordersPlaced orders that were placed over it
 * @param ordersCut those of them that were in flight when it ended
 */
public record Stay(
    @Nullable String sid,
    @Nullable String pod,
    @Nullable String generation,
    long fromMs,
    @Nullable Long toMs,
    @Nullable String reason,
    long received,
    @Nullable Long lastReceived,
    long acknowledged,
    int ordersPlaced,
    int ordersCut) {
  /** The reason of one that was let go of when another had taken over. */
  public static final String MOVED = "moved";

  /** The reason of one that was to take over, and did not. */
  public static final String NOT_TAKEN = "not taken";

  /** Whether the client gave it up itself for another. */
  public boolean moved() {
    return MOVED.equals(reason);
  }

  /** Whether the client ever used it. */
  public boolean taken() {
    return !NOT_TAKEN.equals(reason);
  }
}
