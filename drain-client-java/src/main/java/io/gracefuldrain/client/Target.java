package io.gracefuldrain.client;

import io.socket.client.IO;
import io.socket.client.Socket;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where and with what options to connect. The query of the address goes into the options, where the
 * protocol's own parameters join it: the client looks only at one of the two.
 */
final class Target {
  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
  private static final String AWARE = "drain=1";

  // Given twice, it would count as absent.
  private static final Pattern OURS = Pattern.compile("drain(=.*)?");
  private static final Pattern TICKET = Pattern.compile("ticket(=.*)?");

  private final URI url;
  private final IO.Options options;

  private Target(URI url, IO.Options options) {
    this.url = url;
    this.options = options;
  }

  static Target of(URI url, IO.Options options) {
    check("url", url);
    IO.Options own = copy(options);
    String query = url.getRawQuery() != null ? url.getRawQuery() : options.query;
    own.query =
        Stream.concat(
                Stream.of((query == null ? "" : query).split("&"))
                    .filter(each -> !each.isEmpty() && !OURS.matcher(each).matches()),
                Stream.of(AWARE))
            .collect(Collectors.joining("&"));
    own.forceNew = true;
    return new Target(url, own);
  }

  /** The namespace that an address asks for: its path, as the stock client has it. */
  static String namespace(URI url) {
    String path = url.getPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  /** The same with the address and the ticket of a hint. */
  Target hinted(Hint hint) {
    IO.Options own = copy(options);
    own.query =
        Stream.of(options.query.split("&"))
                .filter(each -> !TICKET.matcher(each).matches())
                .collect(Collectors.joining("&"))
            + "&ticket="
            + URLEncoder.encode(hint.ticket(), StandardCharsets.UTF_8).replace("+", "%20");
    URI to = hint.url() == null ? url : hint.url();
    String path = to.getPath();
    if (hint.url() != null && path != null && !path.isEmpty() && !path.equals("/")) {
      own.path = path;
    }
    return new Target(to, own);
  }

  IO.Options options() {
    return options;
  }

  /** A stock socket with a manager of its own, not yet connected. */
  Socket socket(String namespace) {
    String user = url.getRawUserInfo() == null ? "" : url.getRawUserInfo() + "@";
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return IO.socket(
        URI.create(url.getScheme() + "://" + user + url.getHost() + port + namespace), options);
  }

  /** The ticket was good for one handshake: a reconnect of this connection goes without. */
  void forgetTicket(Target plain) {
    options.query = plain.options.query;
  }

  static URI uri(String setting, String value) {
    try {
      return check(setting, new URI(value));
    } catch (URISyntaxException e) {
      throw invalid(setting, value, e);
    }
  }

  private static URI check(String setting, URI url) {
    String scheme = url.getScheme();
    if (scheme == null
        || !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))
        || url.getHost() == null) {
      throw invalid(setting, url.toString(), null);
    }
    return url;
  }

  private static IllegalArgumentException invalid(
      String setting, String value, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        setting + ": " + value + " (expected: http, https, ws or wss://host[:port][/path])", cause);
  }

  /** The client writes into its options, so each connection has its own; values are shared. */
  static IO.Options copy(IO.Options from) {
    IO.Options copy = new IO.Options();
    for (Field field : IO.Options.class.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        try {
          field.set(copy, field.get(from));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException("options: " + field + " (expected: accessible)", e);
        }
      }
    }
    return copy;
  }
}
