package io.gracefuldrain.client;

import io.socket.client.IO;
import io.socket.client.Socket;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An address to connect to, with the options. The stock client reads the query of one of the two
 * only. So the query of the address goes into the options, and the protocol's parameters join it.
 */
final class Target {
  private static final String AWARE = "drain=1";

  // A parameter given twice would count as absent.
  private static final Pattern OURS = Pattern.compile("drain(=.*)?");
  private static final Pattern TICKET = Pattern.compile("ticket(=.*)?");

  private final URI url;
  private final IO.Options options;

  private Target(URI url, IO.Options options) {
    this.url = url;
    this.options = options;
  }

  static Target of(URI url, IO.Options options) {
    Address.check("url", url);
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

  /** This target with the address and the ticket of a hint. */
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

  /** A stock socket with a manager of its own. It is not connected yet. */
  Socket socket(String namespace) {
    String user = url.getRawUserInfo() == null ? "" : url.getRawUserInfo() + "@";
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return IO.socket(
        URI.create(url.getScheme() + "://" + user + url.getHost() + port + namespace), options);
  }

  /** Removes the ticket, which is good for one handshake. Reconnects then go without it. */
  void forgetTicket(Target plain) {
    options.query = plain.options.query;
  }

  /**
   * Copies options. The stock client writes into its options, so each connection has its own. The
   * values are shared.
   */
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
