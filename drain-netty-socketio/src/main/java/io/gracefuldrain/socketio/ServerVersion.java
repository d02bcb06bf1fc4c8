package io.gracefuldrain.socketio;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of netty-socketio. Immutable.
 *
 * @param text as its jar says it
 */
record ServerVersion(int major, int minor, int patch, String text)
    implements Comparable<ServerVersion> {
  /** The adapter's tests run with each version from this one ... */
  static final ServerVersion OLDEST = new ServerVersion(2, 0, 12, "2.0.12");

  /** ... to this one. */
  static final ServerVersion NEWEST = new ServerVersion(2, 0, 14, "2.0.14");

  private static final String POM =
      "META-INF/maven/com.corundumstudio.socketio/netty-socketio/pom.properties";
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})\\b.*");

  /** The version that a text says, or null if it says none. */
  static @Nullable ServerVersion parse(@Nullable String text) {
    Matcher form = FORM.matcher(text == null ? "" : text.strip());
    if (!form.matches()) {
      return null;
    }
    return new ServerVersion(
        Integer.parseInt(form.group(1)),
        Integer.parseInt(form.group(2)),
        Integer.parseInt(form.group(3)),
        form.group());
  }

  /**
   * The version of the jar that a class of netty-socketio comes from. Null if the jar does not say
   * it, as one that has several libraries in it.
   */
  static @Nullable ServerVersion of(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    URL from = type.getResource(type.getSimpleName() + ".class");
    if (from == null || !from.toString().endsWith(file)) {
      return null;
    }
    String root = from.toString().substring(0, from.toString().length() - file.length());
    try {
      ServerVersion known = fromPom(root + POM);
      return known != null ? known : fromManifest(root + MANIFEST);
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable ServerVersion fromPom(String url) throws IOException {
    try (InputStream in = new URL(url).openStream()) {
      Properties pom = new Properties();
      pom.load(in);
      return parse(pom.getProperty("version"));
    } catch (IOException e) {
      return null; // the jar has none; its manifest may say it
    }
  }

  private static @Nullable ServerVersion fromManifest(String url) throws IOException {
    try (InputStream in = new URL(url).openStream()) {
      Attributes main = new Manifest(in).getMainAttributes();
      // Another library's manifest if the jar has several.
      return "netty-socketio".equals(main.getValue("Bundle-Name"))
          ? parse(main.getValue("Bundle-Version"))
          : null;
    }
  }

  @Override
  public int compareTo(ServerVersion other) {
    int byMajor = Integer.compare(major, other.major);
    int byMinor = Integer.compare(minor, other.minor);
    return byMajor != 0 ? byMajor : byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  @Override
  public String toString() {
    return text;
  }
}
