package io.gracefuldrain.handover;

import io.gracefuldrain.KeyNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that all pods share. The first one makes tokens and marks requests, each is valid.
 *
 * <p>A token is the name of its key, a synthetic IV and a cipher text (the construction of RFC
 * 5297, with HMAC-SHA256 in place of AES): nobody without a key can make one, or read the address
 * of a pod in it. The same session has the same token each time. Thread-safe.
 */
final class TokenKeys {
  /** No token is as long. */
  static final int LONGEST = 2048;

  private static final int NAME = 4;
  private static final int MAC = 32;
  private static final int MOST_KNOWN = 1_000;
  private static final String HMAC = "HmacSHA256";

  /** The three keys that one secret gives; initialised once, since that takes long. */
  private record Key(int name, Mac token, Mac cipher, Mac request) {
    static Key of(String secret) {
      Mac root = keyed(secret.getBytes(StandardCharsets.UTF_8));
      return new Key(
          KeyNames.of(secret),
          derived(root, "token"),
          derived(root, "cipher"),
          derived(root, "request"));
    }

    private static Mac derived(Mac root, String use) {
      return keyed(mac(root, ("graceful-drain 1 " + use).getBytes(StandardCharsets.UTF_8)));
    }
  }

  private final List<Key> keys;

  // What was read lately: an adapter asks for the same token several times.
  private final Map<String, Read> known = new ConcurrentHashMap<>();

  /** The keys of a policy, at least one. */
  TokenKeys(List<String> secrets) {
    keys = secrets.stream().map(Key::of).toList();
  }

  private static Mac keyed(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }

  private static byte[] mac(Mac keyed, byte[] text) {
    try {
      return ((Mac) keyed.clone()).doFinal(text);
    } catch (CloneNotSupportedException e) { // the JDK's own can be cloned
      throw new IllegalStateException(e);
    }
  }

  /** Encrypts, or decrypts: the key stream is the marks of a counter. */
  private static byte[] crypt(Key key, byte[] mac, byte[] text) {
    byte[] crypted = text.clone();
    ByteBuffer counter = ByteBuffer.allocate(MAC + 4).put(mac);
    for (int from = 0; from < text.length; from += MAC) {
      byte[] stream = mac(key.cipher(), counter.putInt(MAC, from).array());
      for (int i = from; i < Math.min(text.length, from + MAC); i++) {
        crypted[i] ^= stream[i - from];
      }
    }
    return crypted;
  }

  /** The text of a token. */
  String token(PodToken token) {
    Key key = keys.get(0);
    byte[] plain = token.encode();
    byte[] mac = mac(key.token(), plain);
    byte[] sealed = crypt(key, mac, plain);
    return HandOver.PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                ByteBuffer.allocate(NAME + MAC + sealed.length)
                    .putInt(key.name())
                    .put(mac)
                    .put(sealed)
                    .array());
  }

  /**
   * A token that one of the keys has made.
   *
   * @param key which one: the pod that has made the token may know no other
   */
  record Read(PodToken token, int key) {}

  /** What a token says; null if none of the keys has made it. */
  @Nullable Read read(String text) {
    if (text.length() > LONGEST || !text.startsWith(HandOver.PREFIX)) {
      return null;
    }
    Read before = known.get(text);
    if (before != null) {
      return before;
    }
    Read read = decrypted(text);
    if (read != null) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      known.put(text, read);
    }
    return read;
  }

  private @Nullable Read decrypted(String text) {
    byte[] bytes = bytes(text);
    if (bytes.length <= NAME + MAC) {
      return null;
    }
    byte[] mac = Arrays.copyOfRange(bytes, NAME, NAME + MAC);
    byte[] sealed = Arrays.copyOfRange(bytes, NAME + MAC, bytes.length);
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).name() == ByteBuffer.wrap(bytes).getInt()) {
        byte[] plain = crypt(keys.get(i), mac, sealed);
        if (MessageDigest.isEqual(mac(keys.get(i).token(), plain), mac)) {
          PodToken token = PodToken.decode(plain);
          return token == null ? null : new Read(token, i);
        }
      }
    }
    return null;
  }

  private static byte[] bytes(String text) {
    try {
      return Base64.getUrlDecoder().decode(text.substring(HandOver.PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /**
   * What a token that none of the keys has made says of its key: a name that can be shown, whoever
   * has made it.
   */
  static String keyOf(String text) {
    byte[] bytes = text.length() > LONGEST ? new byte[0] : bytes(text);
    return bytes.length <= NAME + MAC ? "none" : KeyNames.shown(ByteBuffer.wrap(bytes).getInt());
  }

  /** The mark of a text, by one of the keys. */
  String mark(int key, String text) {
    return mark(keys.get(key), text);
  }

  private static String mark(Key key, String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(mac(key.request(), text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Which of the keys has marked a text; -1 if none has. */
  int marked(String text, String mark) {
    byte[] given = mark.getBytes(StandardCharsets.UTF_8);
    int found = -1;
    for (int i = 0; i < keys.size(); i++) {
      if (MessageDigest.isEqual(mark(i, text).getBytes(StandardCharsets.UTF_8), given)) {
        found = i;
      }
    }
    return found;
  }
}
