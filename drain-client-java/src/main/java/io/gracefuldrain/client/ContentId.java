package io.gracefuldrain.client;

import io.socket.client.Ack;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * The whole content of an event as its id, as a digest. The order of an object's properties does
 * not matter.
 */
final class ContentId {
  private ContentId() {}

  /** The id; null for an event that wants an answer, since every connection owes its own. */
  static @Nullable Object of(String event, Object[] args) {
    if (args.length > 0 && args[args.length - 1] instanceof Ack) {
      return null;
    }
    Text text = new Text();
    for (Object arg : args) {
      text.add(arg);
    }
    return text.digest();
  }

  /** A text that is different for different content: each part has its kind and its length. */
  private static final class Text {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void add(@Nullable Object value) {
      if (value instanceof JSONObject) {
        object((JSONObject) value);
      } else if (value instanceof JSONArray) {
        array((JSONArray) value);
      } else if (value instanceof byte[]) {
        part('b', (byte[]) value);
      } else {
        char kind = value instanceof String ? 's' : 'v';
        part(kind, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
      }
    }

    private void object(JSONObject value) {
      List<String> keys = new ArrayList<>();
      for (Iterator<String> each = value.keys(); each.hasNext(); ) {
        keys.add(each.next());
      }
      Collections.sort(keys);
      begin('o', keys.size());
      for (String key : keys) {
        add(key);
        add(value.opt(key));
      }
    }

    private void array(JSONArray value) {
      begin('a', value.length());
      for (int i = 0; i < value.length(); i++) {
        add(value.opt(i));
      }
    }

    private void part(char kind, byte[] content) {
      begin(kind, content.length);
      bytes.write(content, 0, content.length);
    }

    private void begin(char kind, int length) {
      byte[] head = (kind + Integer.toString(length) + ':').getBytes(StandardCharsets.UTF_8);
      bytes.write(head, 0, head.length);
    }

    String digest() {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        return new BigInteger(1, digest).toString(Character.MAX_RADIX);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
