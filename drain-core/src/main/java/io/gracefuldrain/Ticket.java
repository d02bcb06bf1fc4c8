package io.gracefuldrain;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A moved client presents it where it arrives: it names the process that sent the client away, and
 * the drain. Opaque to the client. It is not signed, so it proves nothing: it decides only where
 * the client should not come back.
 *
 * @param process the {@linkplain DrainCoordinator#processEpoch() epoch} of the process; empty in a
 *     ticket of version 1, which an older pod has made
 * @param epoch the number of the drain
 */
record Ticket(String pod, String generation, String process, long epoch, String connection) {
  private static final String WITHOUT_PROCESS = "u1";
  private static final String VERSION = "u2";

  String encode() {
    String text =
        String.join("\n", VERSION, pod, generation, process, Long.toString(epoch), connection);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The ticket in a text, or nothing if it is not one of ours. */
  static Optional<Ticket> decode(String text) {
    if (text.length() > 2048) {
      return Optional.empty();
    }
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", -1);
      if (parts.length == 6 && parts[0].equals(VERSION)) {
        return Optional.of(
            new Ticket(parts[1], parts[2], parts[3], Long.parseLong(parts[4]), parts[5]));
      } else if (parts.length == 5 && parts[0].equals(WITHOUT_PROCESS)) {
        return Optional.of(new Ticket(parts[1], parts[2], "", Long.parseLong(parts[3]), parts[4]));
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
