package io.gracefuldrain.sample.probe;

import org.jspecify.annotations.Nullable;

/**
 * One connection of one client: from its Socket.IO connect to its end.
 *
 * @param sid the Engine.IO session id, by which it is found in the pods' ledgers
 * @param pod who answered, or null if it ended before the pod said its name
 * @param fromMs when it was connected, in milliseconds since the epoch
 * @param toMs when it ended, or null if it was there when the crowd was stopped
 * @param reason what the client said of the end, or null
 * @param received how many different messages of the feed came over it
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
    int ordersCut) {}
