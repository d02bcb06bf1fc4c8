package io.gracefuldrain.socketio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON without the application's settings, for what a client says of its move, and for what
 * two pods have said: objects as maps, numbers as doubles. A number that a double may not hold
 * exactly stays {@link Digits}, so that two of them are not taken for one. Confined to one thread.
 */
final class JsonText {
  private static final int DEEPEST = 32;

  /** How many characters a number may have that a double holds exactly. */
  private static final int EXACT = 15;

  /** A long number, as it stands in the text. */
  record Digits(String text) {}

  private final String text;
  private int at;
  private int depth;

  private JsonText(String text) {
    this.text = text;
  }

  /**
   * The value in a text.
   *
   * @throws IllegalArgumentException if it is no JSON, or nested too deeply
   */
  static @Nullable Object read(String text) {
    JsonText reader = new JsonText(text);
    Object value = reader.value();
    reader.space();
    if (reader.at < text.length()) {
      throw reader.unexpected();
    }
    return value;
  }

  /**
   * The members of an object, by their names, each as it stands in the text. Of two with the same
   * name the last one counts.
   *
   * @throws IllegalArgumentException as {@link #read}, or if it is no object
   */
  static Map<String, String> members(String text) {
    JsonText reader = new JsonText(text);
    Map<String, String> members = new LinkedHashMap<>();
    reader.expect('{');
    if (!reader.skip('}')) {
      do {
        reader.space();
        String name = reader.string();
        reader.expect(':');
        reader.space();
        int from = reader.at;
        Object unused = reader.value();
        members.put(name, text.substring(from, reader.at));
      } while (reader.skip(','));
      reader.expect('}');
    }
    reader.space();
    if (reader.at < text.length()) {
      throw reader.unexpected();
    }
    return members;
  }

  private @Nullable Object value() {
    space();
    if (++depth > DEEPEST) {
      throw unexpected();
    }
    Object value =
        switch (peek()) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          case 't' -> word("true", true);
          case 'f' -> word("false", false);
          case 'n' -> word("null", null);
          default -> number();
        };
    depth--;
    return value;
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    at++;
    if (skip('}')) {
      return fields;
    }
    do {
      space();
      String name = string();
      expect(':');
      fields.put(name, value());
    } while (skip(','));
    expect('}');
    return fields;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> values = new ArrayList<>();
    at++;
    if (skip(']')) {
      return values;
    }
    do {
      values.add(value());
    } while (skip(','));
    expect(']');
    return values;
  }

  private String string() {
    if (peek() != '"') {
      throw unexpected();
    }
    at++;
    StringBuilder value = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      value.append(c == '\\' ? escaped() : c);
    }
    at++;
    return value.toString();
  }

  private char escaped() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw unexpected();
    };
  }

  private char unicode() {
    int end = at + 4;
    if (end > text.length()) {
      throw unexpected();
    }
    int code = Integer.parseUnsignedInt(text, at, end, 16); // its error is one of ours, too
    at = end;
    return (char) code;
  }

  private Object number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(from, at);
    Double value = Double.valueOf(digits); // or it is none
    return digits.length() <= EXACT ? value : new Digits(digits);
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw unexpected();
    }
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean skip(char c) {
    space();
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!skip(c)) {
      throw unexpected();
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw unexpected();
    }
    return text.charAt(at);
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("character " + at + " (expected: JSON)");
  }
}
