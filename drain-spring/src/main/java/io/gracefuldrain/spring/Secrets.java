package io.gracefuldrain.spring;

import java.util.Locale;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.SanitizableData;

/** The settings that nobody may read, by any of the names that they can have. */
final class Secrets {
  private static final Set<String> NAMES =
      Set.of("drainticketkey", "drainadmintoken", "drainhookheader");

  private Secrets() {}

  /** The data with a value that says nothing, if it is one of them. */
  static SanitizableData hide(SanitizableData data) {
    return isSecret(data.getKey()) ? data.withSanitizedValue() : data;
  }

  /** Relaxed, as Boot binds: {@code drain.ticket-key}, {@code DRAIN_TICKET_KEY}, … */
  static boolean isSecret(String name) {
    StringBuilder plain = new StringBuilder();
    for (char each : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (Character.isLetterOrDigit(each)) {
        plain.append(each);
      }
    }
    return NAMES.stream().anyMatch(plain.toString()::startsWith);
  }
}
