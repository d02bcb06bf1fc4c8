package io.gracefuldrain.cli;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The place of the management port: an address, or a port of this machine. */
final class ServerAddress {
  static final int PORT = 8081;

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = Base.class,
      description =
          "The management address, with a path if it has one. Default: http://127.0.0.1:8081")
  private @Nullable URI url;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = Port.class,
      description = "The management port of this machine. Default: 8081")
  private @Nullable Integer port;

  /** The address, without a slash at its end. */
  URI base() {
    if (url != null) {
      return url;
    }
    return local(port == null ? PORT : port);
  }

  static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  static final class Base implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        URI uri = new URI(text.replaceAll("/+$", ""));
        boolean http =
            "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (http
            && uri.getHost() != null
            && uri.getUserInfo() == null
            && uri.getQuery() == null
            && uri.getFragment() == null) {
          return uri;
        }
      } catch (URISyntaxException e) {
        // reported below, like everything else that is no address
      }
      throw new TypeConversionException(
          "'" + text + "' (expected: an address such as http://127.0.0.1:8081)");
    }
  }

  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.matches("\\d{1,5}")) {
        int port = Integer.parseInt(text);
        if (port >= 1 && port <= 65_535) {
          return port;
        }
      }
      throw new TypeConversionException("'" + text + "' (expected: 1 to 65535)");
    }
  }
}
