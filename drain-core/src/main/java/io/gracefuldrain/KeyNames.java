package io.gracefuldrain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Short names of ticket keys, by which two pods can be seen to have the same one. A name is derived
 * by HMAC-SHA256: it tells nothing else of its key. Tokens carry it. Thread-safe.
 */
public final class KeyNames {
  private static final String HMAC = "HmacSHA256";
  private static final String USE = "graceful-drain 1 name";

  private KeyNames() {}

  /** The name of a key. */
  public static int of(String key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), HMAC));
      return ByteBuffer.wrap(mac.doFinal(USE.getBytes(StandardCharsets.UTF_8))).getInt();
    } catch (GeneralSecurityException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }

  /** A name as people read it: eight hexadecimal digits. */
  public static String shown(int name) {
    return HexFormat.of().toHexDigits(name);
  }
}
