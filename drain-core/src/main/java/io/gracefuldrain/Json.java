package io.gracefuldrain;

import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, field by field, in the order given. */
final class Json {
  private static final HexFormat HEX = HexFormat.of();

  private final StringBuilder text = new StringBuilder("{");

  Json put(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  Json put(String name, long value) {
    name(name).text.append(value);
    return this;
  }

  Json put(String name, boolean value) {
    name(name).text.append(value);
    return this;
  }

  /** A duration in milliseconds, under a name that says so. */
  Json putMillis(String name, Duration value) {
    return put(name + "Ms", value.toMillis());
  }

  Json putObject(String name, Json value) {
    name(name).text.append(value);
    return this;
  }

  Json putArray(String name, Iterable<?> values) {
    name(name).text.append('[');
    boolean first = true;
    for (Object value : values) {
      if (!first) {
        text.append(',');
      }
      first = false;
      if (value instanceof Json json) {
        text.append(json);
      } else {
        quote(String.valueOf(value));
      }
    }
    text.append(']');
    return this;
  }

  private Json name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(name);
    text.append(':');
    return this;
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c)) {
            text.append("\\u").append(HEX.toHexDigits(c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
