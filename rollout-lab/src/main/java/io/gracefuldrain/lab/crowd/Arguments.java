package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.results.ClientKind;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is typed for a crowd, read; what is wrong with it is an {@link IllegalArgumentException}.
 */
final class Arguments {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "clients", "--clients",
          "feedMs", "--feed-ms",
          "upMs", "--up-ms",
          "orderEvery", "--order-every",
          "ramp", "--ramp",
          "most", "--duration");

  private Arguments() {}

  /** A plan's settings by the names that they have here. */
  static String asTyped(String message) {
    for (Map.Entry<String, String> each : OPTIONS.entrySet()) {
      if (message.startsWith(each.getKey() + ": ")) {
        return each.getValue() + message.substring(each.getKey().length());
      }
    }
    return message;
  }

  /** Where the crowd goes; the plan checks what of it matters. */
  static URI server(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("url: " + url + " (expected: http://host[:port])", e);
    }
  }

  /** How many of which kind. */
  static Map<ClientKind, Integer> counts(Map<String, String> asked) {
    Map<ClientKind, Integer> counts = new TreeMap<>();
    asked.forEach(
        (kind, count) -> {
          if (!count.matches("\\d{1,6}")) {
            throw new IllegalArgumentException(
                "--clients: " + kind + "=" + count + " (expected: a number of clients)");
          }
          try {
            counts.put(ClientKind.parse(kind), Integer.parseInt(count));
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--clients: " + e.getMessage(), e);
          }
        });
    return counts;
  }

  /** Addresses of this machine. */
  static List<InetAddress> sources(@Nullable List<String> from) {
    List<InetAddress> sources = new ArrayList<>();
    for (String each : from == null ? List.<String>of() : from) {
      sources.add(source(each));
    }
    return sources;
  }

  private static InetAddress source(String text) {
    try {
      InetAddress address = InetAddress.getByName(text);
      if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
        return address;
      }
      throw new IllegalArgumentException(
          "--from: " + text + " (expected: an address of this machine)");
    } catch (UnknownHostException | SocketException e) {
      throw new IllegalArgumentException(
          "--from: " + text + " (expected: an address of this machine)", e);
    }
  }
}
