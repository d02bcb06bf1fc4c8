package io.gracefuldrain.client;

import java.net.URI;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a hint may lead. The application's credentials go along, so it must not lead anywhere: only
 * to the application's own origin, and to those that it names. It never leads from an encrypted
 * address to an unencrypted one.
 */
final class Origins {
  private final URI own;
  private final @Nullable Predicate<String> others;

  Origins(URI own, @Nullable Predicate<String> others) {
    this.own = own;
    this.others = others;
  }

  boolean allow(URI url) {
    if (Address.isSecure(own) && !Address.isSecure(url)) {
      return false;
    }
    String origin = Address.origin(url);
    return origin.equals(Address.origin(own)) || isNamed(origin);
  }

  private boolean isNamed(String origin) {
    Predicate<String> asked = others;
    boolean[] named = new boolean[1];
    if (asked != null) {
      Callout.run(() -> named[0] = asked.test(origin));
    }
    return named[0];
  }
}
