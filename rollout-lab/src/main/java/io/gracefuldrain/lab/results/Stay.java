package io.gracefuldrain.lab.results;

import org.jspecify.annotations.Nullable;

/**
 * One connection of one client: from its Socket.IO connect to its end.
 *
 * @param sid the Engine.IO session id, which identifies it in the pods' ledgers
 * @param pod the pod that answered, or null if it ended before the pod said its name
 * @param fromMs when it was connected, in milliseconds since the epoch
 * @param toMs when it ended, or null if it was still there when the crowd was stopped
 * @param reason the reason that the client gave for the end, or null
 * @param received how many different messages of the feed came over it; for an aware client this
 *     includes messages that another connection had already brought
 * @param lastReceived the number of the last of them, or null
 * @param acknowledged how many of the client's own numbers were acknowledged over it
 * @param ordersPlaced orders that were placed over it
 * @param ordersCut orders that were in flight when it ended
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
  /** The reason of a connection that the client let go when another had taken over. */
  public static final String MOVED = "moved";

  /** The reason of a connection that was to take over and did not. */
  public static final String NOT_TAKEN = "not taken";

  /** Whether the client gave it up for another. */
  public boolean moved() {
    return MOVED.equals(reason);
  }

  /** Whether the client ever used it. */
  public boolean taken() {
    return !NOT_TAKEN.equals(reason);
  }
}
