package io.gracefuldrain.sample.page;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, by the path in a browser's request. They are read once. Immutable. */
final class PageFiles {
  private static final String FOLDER = "/web";

  /** From the adapter's jar. */
  private static final String DRAIN_CLIENT = "/META-INF/resources/drain-client/drain-client.js";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /**
   * One file.
   *
   * @param content never released
   * @param etag changes with its content, quoted
   */
  record PageFile(ByteBuf content, String type, String etag) {
    /** For one answer. */
    ByteBuf copy() {
      return content.duplicate();
    }
  }

  private final Map<String, PageFile> files;

  private PageFiles(Map<String, PageFile> files) {
    this.files = files;
  }

  /**
   * Reads them from the class path.
   *
   * @throws IllegalStateException if one is missing or cannot be read
   */
  static PageFiles load() {
    Map<String, PageFile> files = new HashMap<>();
    for (String name :
        new String[] {
          "index.html",
          "style.css",
          "pane.css",
          "icon.svg",
          "app.js",
          "chart.js",
          "client.js",
          "counts.js",
          "orders.js",
          "pane.js",
          "rollout.js",
          "view.js",
          "socket.io.min.js"
        }) {
      files.put("/" + name, read(name));
    }
    files.put("/", read("index.html"));
    files.put("/drain-client.js", readResource(DRAIN_CLIENT));
    return new PageFiles(Map.copyOf(files));
  }

  private static PageFile read(String name) {
    return readResource(FOLDER + "/" + name);
  }

  private static PageFile readResource(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            name + " is not on the class path (expected: a build by Maven)");
      }
      byte[] content = in.readAllBytes();
      String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain");
      ByteBuf buffer = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(content).asReadOnly());
      return new PageFile(buffer, type, etag(content));
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }

  private static String etag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  @Nullable PageFile find(String path) {
    return files.get(path);
  }
}
