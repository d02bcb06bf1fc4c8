package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.FeedBytes;
import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.ledger.Account;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The events of a client that wants no acknowledgement of them. Without a connection they wait, as
 * the stock client lets them. Used on the client's event loop only.
 */
final class PostBox {
  private final Account account;
  private final boolean bytes;
  private final Queue<Long> waiting = new ArrayDeque<>();
  // Whether the server writes a byte in front of attachments. It must always or never.
  private @Nullable Boolean prefixed;

  /**
   * @param bytes whether messages have attachments, in both directions
   */
  PostBox(Account account, boolean bytes) {
    this.account = account;
    this.bytes = bytes;
  }

  /** Sends what waits and what is due now, if there is a connection. */
  void send(long nowMs, @Nullable Connection over) {
    waiting.addAll(account.toPost(nowMs));
    if (over == null || !over.connected()) {
      return;
    }
    for (Long n = waiting.poll(); n != null; n = waiting.poll()) {
      String payload = "{\"n\":" + n + "}";
      if (bytes && FeedBytes.has(n)) {
        over.post(FeedEvents.POST, payload, FeedBytes.of(n));
      } else {
        over.post(FeedEvents.POST, payload);
      }
    }
  }

  /** Whether a message of the feed has the attachment that it should have. */
  boolean whole(long n, JsonNode attachment) {
    if (!bytes || !FeedBytes.has(n)) {
      return attachment.isMissingNode();
    }
    try {
      byte[] come = attachment.binaryValue();
      if (prefixed == null) {
        prefixed = Arrays.equals(FeedBytes.sent(n), come);
      }
      return Arrays.equals(prefixed ? FeedBytes.sent(n) : FeedBytes.of(n), come);
    } catch (IOException e) {
      return false; // a text that is no base64
    }
  }
}
