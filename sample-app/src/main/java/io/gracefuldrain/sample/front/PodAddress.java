package io.gracefuldrain.sample.front;

import io.gracefuldrain.lab.options.TextConverter;
import io.gracefuldrain.sample.options.PortOption;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a pod is.
 *
 * @param host its host, for both ports
 * @param port the port of the clients' connections
 * @param managementPort the port of its readiness probe
 */
public record PodAddress(String host, int port, int managementPort) {
  private static final Pattern FORM =
      Pattern.compile("(?:(\\[[^\\]]+\\]|[^:@\\s]+):)?(\\d{1,5})@(\\d{1,5})");

  /** Reads {@code host:port@managementPort}; without a host it is this machine. */
  public static PodAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: host:port@managementPort, such as 127.0.0.1:3001@8081)");
    }
    String host = matcher.group(1) == null ? "127.0.0.1" : matcher.group(1);
    return new PodAddress(
        host, PortOption.parse(matcher.group(2)), PortOption.parse(matcher.group(3)));
  }

  /** The address of its readiness probe. */
  public URI readiness() {
    return URI.create("http://" + host + ":" + managementPort + "/readyz");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }

  /** For the command line. */
  public static final class Converter extends TextConverter<PodAddress> {
    /** Made by picocli. */
    public Converter() {
      super(PodAddress::parse);
    }
  }
}
