package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.KeyNames;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenKeysTest {
  private static final String OLD = "old-0123456789abcdef0123456789abcdef";
  private static final String NEW = "new-0123456789abcdef0123456789abcdef";
  private static final String FORM = "[A-Za-z0-9_-]+";

  private final TokenKeys keys = new TokenKeys(List.of(OLD));

  private static PodToken named(String address, String session) {
    try {
      return new PodToken(
          InetAddress.getByName(address), 8081, "/manage", "4xRV4hLkTN8", session, 0);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] bytes(String token) {
    return Base64.getUrlDecoder().decode(token.substring(HandOver.PREFIX.length()));
  }

  private static String text(byte[] bytes) {
    return HandOver.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "fd12:3456::1"})
  void token_read_saysWhatItWasMadeOf(String address) {
    PodToken token = named(address, "9d2c2c1e-7f4f-4a37-8f1f-1f1c2d8e5a10");

    String text = keys.token(token);

    assertThat(text).startsWith(HandOver.PREFIX).matches(FORM).hasSizeLessThan(200);
    assertThat(keys.read(text.substring(HandOver.PREFIX.length()))).isNull();
    assertThat(keys.read(text)).isEqualTo(new TokenKeys.Read(token, 0));
    assertThat(keys.token(token)).as("the same session").isEqualTo(text);
  }

  @Test
  void token_withoutAnAddress_isOneToo() {
    PodToken token = new PodToken(null, 0, "", "e", "sessión", 17);

    assertThat(keys.read(keys.token(token))).isEqualTo(new TokenKeys.Read(token, 0));
    assertThat(token.valid(16)).isTrue();
    assertThat(token.valid(17)).isFalse();
  }

  @Test
  void token_showsNobodyWhatIsInIt() {
    String text = keys.token(named("10.1.2.3", "session-of-alice"));
    String content = new String(bytes(text), StandardCharsets.ISO_8859_1);

    assertThat(content).doesNotContain("alice", "manage", "4xRV4hLkTN8", "\n\1\2\3");
    assertThat(keys.token(named("10.1.2.3", "session-of-bob")).substring(0, 40))
        .isNotEqualTo(text.substring(0, 40));
  }

  @Test
  void token_whoseNamesAreTooLong_isRefused() {
    assertThatThrownBy(() -> keys.token(named("10.1.2.3", "x".repeat(256))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("session: 256 bytes (expected: at most 255)");
    assertThat(keys.read(keys.token(named("10.1.2.3", "x".repeat(255))))).isNotNull();
  }

  @Test
  void token_namesItsKey_andNothingElseOfIt() {
    PodToken token = named("10.1.2.3", "s");
    String name = TokenKeys.keyOf(keys.token(token));

    assertThat(name).matches("[0-9a-f]{8}").isEqualTo(KeyNames.shown(KeyNames.of(OLD)));
    assertThat(TokenKeys.keyOf(new TokenKeys(List.of(NEW)).token(token))).isNotEqualTo(name);
    for (String none : List.of("drain_", "drain_AAAA", "drain_?", "drain_" + "A".repeat(5_000))) {
      assertThat(TokenKeys.keyOf(none)).isEqualTo("none");
    }
  }

  @Test
  void read_duringAChangeOfKeys_knowsBoth_andMakesWithTheFirst() {
    PodToken token = named("10.1.2.3", "s");
    TokenKeys fresh = new TokenKeys(List.of(NEW));
    TokenKeys both = new TokenKeys(List.of(NEW, OLD));

    assertThat(fresh.read(keys.token(token))).as("another key").isNull();
    assertThat(both.read(keys.token(token))).isEqualTo(new TokenKeys.Read(token, 1));
    assertThat(both.read(fresh.token(token))).isEqualTo(new TokenKeys.Read(token, 0));
    assertThat(both.token(token)).isEqualTo(fresh.token(token));
  }

  @Test
  void read_ofVeryManyTokens_forgetsSome_andIsRightAllTheSame() {
    for (int i = 0; i < 2_500; i++) {
      PodToken token = named("10.1.2.3", "s" + i);
      String text = keys.token(token);
      assertThat(keys.read(text)).isEqualTo(new TokenKeys.Read(token, 0));
      assertThat(keys.read(text)).as("again").isEqualTo(new TokenKeys.Read(token, 0));
    }
  }

  @Test
  void read_withOneBitChanged_isNone() {
    String text = keys.token(named("10.1.2.3", "s"));
    byte[] bytes = bytes(text);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(keys.read(text(changed))).as("bit " + bit).isNull();
    }
  }

  @Test
  void read_ofAPart_isNone() {
    String text = keys.token(named("10.1.2.3", "s"));
    for (int length = 0; length < text.length(); length++) {
      assertThat(keys.read(text.substring(0, length))).as("%d characters", length).isNull();
    }
    assertThat(keys.read(text + "A")).isNull();
    assertThat(keys.read(text + text)).isNull();
  }

  /** What somebody without a key could send. */
  @Test
  void read_ofGarbage_isNoneAndNeverThrows() {
    Random random = new Random(20_261_130);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      String text = i % 2 == 0 ? text(bytes) : new String(bytes, StandardCharsets.ISO_8859_1);
      assertThat(keys.read(text)).isNull();
    }
    assertThat(keys.read("A".repeat(1_000_000))).isNull();
  }

  /** What another version of this library, with the same key, could send. */
  @Test
  void decode_ofGarbage_isNoneOrAToken_andNeverThrows() {
    Random random = new Random(20_261_130);
    byte[] good = named("10.1.2.3", "s").encode();
    int tokens = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = i % 2 == 0 ? good.clone() : new byte[random.nextInt(80)];
      if (i % 2 == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      } else {
        random.nextBytes(bytes);
      }
      PodToken token = PodToken.decode(bytes);
      if (token != null) {
        tokens++;
        assertThat(token.encode()).isEqualTo(bytes);
      }
    }
    assertThat(tokens).isPositive();
  }

  @Test
  void marked_ofTheSameTextAlone_byTheKeyThatMarkedIt() {
    TokenKeys both = new TokenKeys(List.of(NEW, OLD));
    String mark = both.mark(1, "text");

    assertThat(mark).matches(FORM);
    assertThat(both.marked("text", mark)).isEqualTo(1);
    assertThat(keys.marked("text", mark)).isZero();
    assertThat(both.marked("text2", mark)).isEqualTo(-1);
    assertThat(both.marked("text", mark + "x")).isEqualTo(-1);
    assertThat(both.marked("text", "")).isEqualTo(-1);
    assertThat(new TokenKeys(List.of(NEW)).marked("text", mark)).isEqualTo(-1);
  }
}
