package io.gracefuldrain.lab.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Writes well-formed HTML and SVG: every text and attribute is escaped, every element closed. Not
 * thread-safe.
 */
final class Markup {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn; an attribute with an empty value is left out
   */
  Markup open(String element, Object... attributes) {
    tag(element, attributes).append('>');
    open.push(element);
    return this;
  }

  /** Closes the element opened last. */
  Markup close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** Adds an element without content. */
  Markup empty(String element, Object... attributes) {
    tag(element, attributes).append("/>");
    return this;
  }

  /** Opens a rectangle of SVG. */
  Markup rect(String kind, double x, double y, double width, double height) {
    return open("rect", "class", kind, "x", x, "y", y, "width", width, "height", height);
  }

  /** Adds an element with a text. */
  Markup element(String element, String text, Object... attributes) {
    return open(element, attributes).text(text).close();
  }

  Markup text(String text) {
    out.append(escaped(text));
    return this;
  }

  /** Adds text that is markup already. */
  Markup raw(String markup) {
    out.append(markup);
    return this;
  }

  private StringBuilder tag(String element, Object... attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException(
          element + ": " + attributes.length + " (expected: names and values in turn)");
    }
    out.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      String value = value(attributes[i + 1]);
      if (!value.isEmpty()) {
        out.append(' ').append(attributes[i]).append("=\"").append(escaped(value)).append('"');
      }
    }
    return out;
  }

  private static String value(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.1f", number)
        : String.valueOf(value);
  }

  /** Control characters have no place in XML, escaped or not. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.append(c < ' ' && c != '\n' && c != '\t' ? '?' : c);
      }
    }
    return escaped.toString();
  }

  /** Returns all of it; every element must be closed. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("open: " + open);
    }
    return out.toString();
  }
}
