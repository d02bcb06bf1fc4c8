package io.gracefuldrain.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the addresses that applications and servers give. */
final class Address {
  private static final Set<String> SCHEMES =
      new HashSet<>(Arrays.asList("http", "https", "ws", "wss"));

  private Address() {}

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException naming the setting, if the client cannot connect to it
   */
  static URI parse(String setting, String value) {
    try {
      return check(setting, new URI(value));
    } catch (URISyntaxException e) {
      throw invalid(setting, value, e);
    }
  }

  static URI check(String setting, URI url) {
    String scheme = url.getScheme();
    if (scheme == null
        || !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))
        || url.getHost() == null) {
      throw invalid(setting, url.toString(), null);
    }
    return url;
  }

  /**
   * The origin of an address, as browsers write it: scheme, host, and a port that is no default.
   */
  static String origin(URI url) {
    boolean secure = isSecure(url);
    int port = url.getPort() < 0 || url.getPort() == (secure ? 443 : 80) ? -1 : url.getPort();
    return (secure ? "https://" : "http://")
        + url.getHost().toLowerCase(Locale.ROOT)
        + (port < 0 ? "" : ":" + port);
  }

  static boolean isSecure(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    return scheme.equals("https") || scheme.equals("wss");
  }

  /** The namespace of an address. It is the path, as in the stock client. */
  static String namespace(URI url) {
    String path = url.getPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private static IllegalArgumentException invalid(
      String setting, String value, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        setting + ": " + value + " (expected: http, https, ws or wss://host[:port][/path])", cause);
  }
}
