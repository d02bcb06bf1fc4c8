package io.gracefuldrain;

import java.security.SecureRandom;
import java.util.Base64;

/** Names for processes: a container that is restarted in place keeps its pod's name. */
final class ProcessEpoch {
  private static final int RANDOM_BYTES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private ProcessEpoch() {}

  /** A name that no other process has, of letters, digits, {@code -} and {@code _}. */
  static String fresh() {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
