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

/** Reads the arguments of a crowd. A wrong one is an {@link IllegalArgumentException}. */
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

  /** Puts the option's name in place of the plan's setting. */
  static String asTyped(String message) {
    for (Map.Entry<String, String> each : OPTIONS.entrySet()) {
      if (message.startsWith(each.getKey() + ": ")) {
        return each.getValue() + message.substring(each.getKey().length());
      }
    }
    return message;
  }

  /** Reads the server; the plan checks the details. */
  static URI server(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("url: " + url + " (expected: http://host[:port])", e);
    }
  }

  /** Reads how many clients of each kind. */
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

  /** Reads addresses of this machine. */
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
