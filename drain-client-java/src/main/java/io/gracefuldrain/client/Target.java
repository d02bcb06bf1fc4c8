package io.gracefuldrain.client;

import io.socket.client.IO;
import java.io.UnsupportedEncodingException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address to connect to, with the application's options, which are read anew at each connection:
 * applications refresh tokens in them. The stock client reads the query of one of the two only. So
 * the query of the address goes into the options, and the protocol's parameters join it. On the
 * event thread.
 */
final class Target {
  static final String WEBSOCKET = "websocket";

  private static final String AWARE = "drain=1";
  private static final String ASKS_FOR_TOKEN = "drain-token=1";
  private static final String DEFAULT_PATH = "/socket.io";
  private static final String[] DEFAULT_TRANSPORTS = {"polling", WEBSOCKET};

  // A parameter given twice would count as absent.
  private static final Pattern OURS = Pattern.compile("drain(-token)?(=.*)?");
  private static final Pattern TICKET = Pattern.compile("ticket(=.*)?");

  private final URI own;
  private final IO.Options application;
  private final @Nullable Hint hint;
  private final boolean webSocketFirst;

  private Target(URI own, IO.Options application, @Nullable Hint hint, boolean webSocketFirst) {
    this.own = own;
    this.application = application;
    this.hint = hint;
    this.webSocketFirst = webSocketFirst;
  }

  static Target of(URI url, IO.Options application) {
    return new Target(Address.check("url", url), application, null, false);
  }

  /**
   * This target with the address and the ticket of a hint.
   *
   * @param webSocketFirst whether to begin with a WebSocket, if the application allows one
   */
  Target hinted(Hint to, boolean webSocketFirst) {
    return new Target(own, application, to, webSocketFirst);
  }

  /** The application's own address. */
  URI own() {
    return own;
  }

  /** The options of a new connection. The stock client writes into them, so they are a copy. */
  IO.Options options() {
    IO.Options options = copy(application);
    options.auth = new SessionAuth(application);
    refresh(options);
    return options;
  }

  /** Brings the options of a connection up to date. The stock client reads them when it opens. */
  void refresh(IO.Options options) {
    URI url = url();
    options.host = url.getHost();
    options.port = url.getPort();
    options.secure = Address.isSecure(url);
    options.path = path();
    options.query = query();
    options.transports = transports();
    options.extraHeaders = application.extraHeaders;
    options.transportOptions = application.transportOptions;
    options.upgrade = application.upgrade;
    options.rememberUpgrade = application.rememberUpgrade;
    options.timestampRequests = application.timestampRequests;
    options.timestampParam = application.timestampParam;
  }

  private URI url() {
    URI other = hint == null ? null : hint.url();
    return other == null ? own : other;
  }

  private String path() {
    URI other = hint == null ? null : hint.url();
    String path = other == null ? null : other.getPath();
    if (path != null && !path.isEmpty() && !path.equals("/")) {
      return path;
    }
    return application.path == null ? DEFAULT_PATH : application.path;
  }

  private String query() {
    String given = own.getRawQuery() != null ? own.getRawQuery() : application.query;
    List<String> query = new ArrayList<>();
    for (String each : (given == null ? "" : given).split("&", -1)) {
      boolean ours =
          OURS.matcher(each).matches() || (hint != null && TICKET.matcher(each).matches());
      if (!each.isEmpty() && !ours) {
        query.add(each);
      }
    }
    query.add(AWARE);
    query.add(ASKS_FOR_TOKEN);
    if (hint != null) {
      query.add("ticket=" + encoded(hint.ticket()));
    }
    return String.join("&", query);
  }

  private static String encoded(String value) {
    try {
      return URLEncoder.encode(value, "UTF-8").replace("+", "%20");
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException("every Java platform has UTF-8", e);
    }
  }

  private String @Nullable [] transports() {
    String[] given = application.transports;
    if (!webSocketFirst) {
      return given;
    }
    List<String> transports =
        new ArrayList<>(Arrays.asList(given == null ? DEFAULT_TRANSPORTS : given));
    if (transports.remove(WEBSOCKET)) {
      transports.add(0, WEBSOCKET);
    }
    return transports.toArray(new String[0]);
  }

  /** Copies options. The values are shared. */
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
