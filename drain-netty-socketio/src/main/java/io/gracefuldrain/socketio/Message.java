package io.gracefuldrain.socketio;

import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The argument of one of the protocol's events or acknowledgements, made of texts, whole numbers
 * and truths. It is written as JSON by itself: settings of the application's JSON, such as a naming
 * strategy or default typing, are for the application's own messages. Confined to one thread until
 * it is sent.
 */
final class Message extends AbstractMap<String, Object> {
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** The answer to a CONNECT. */
  static Message connected(UUID session, String pid) {
    return new Message().with("sid", session.toString()).with("pid", pid);
  }

  Message with(String name, String value) {
    fields.put(name, value);
    return this;
  }

  Message with(String name, long value) {
    fields.put(name, value);
    return this;
  }

  Message with(String name, boolean value) {
    fields.put(name, value);
    return this;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return fields.entrySet();
  }

  /** The arguments of an event as they stand on the wire. */
  byte[] event(String name) {
    StringBuilder text = new StringBuilder("[");
    quote(text, name);
    appendTo(text.append(','));
    return text.append(']').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The arguments of an acknowledgement as they stand on the wire: none, if it has no fields. */
  byte[] acknowledgement() {
    StringBuilder text = new StringBuilder("[");
    if (!fields.isEmpty()) {
      appendTo(text);
    }
    return text.append(']').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The object alone. */
  byte[] object() {
    StringBuilder text = new StringBuilder();
    appendTo(text);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void appendTo(StringBuilder text) {
    char before = '{';
    for (Entry<String, Object> field : fields.entrySet()) {
      text.append(before);
      quote(text, field.getKey());
      text.append(':');
      if (field.getValue() instanceof String value) {
        quote(text, value);
      } else {
        text.append(field.getValue());
      }
      before = ',';
    }
    text.append(fields.isEmpty() ? "{}" : "}");
  }

  /** A text as JSON. */
  static String quoted(String value) {
    StringBuilder text = new StringBuilder();
    quote(text, value);
    return text.toString();
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        text.append("\\u").append(HEX.toHexDigits(c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
