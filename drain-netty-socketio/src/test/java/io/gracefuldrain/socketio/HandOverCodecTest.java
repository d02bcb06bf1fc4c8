package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gracefuldrain.HandOverRefusal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandOverCodecTest {
  private static final UUID SESSION = UUID.fromString("00000000-0000-0001-0000-000000000002");
  private static final HandedState STATE =
      new HandedState(
          SESSION,
          "pid",
          7,
          Map.of("", Set.of("a", "ü", "😀"), "/chat", Set.of()),
          Map.of("user", "{\"name\":\"x\"}"),
          Map.of("", new byte[0], "/chat", bytes(32)));
  private static final Mail MAIL =
      new Mail(
          List.of(
              WirePacket.of("42[\"said\",\"grüße 😀\"]"),
              new WirePacket("452-/chat,[\"b\"]", List.of(new byte[0], new byte[] {1, 2})),
              WirePacket.of("4312[1]"),
              new WirePacket("461-3[1]", List.of(new byte[] {9}))),
          3,
          List.of(
              WirePacket.of("42/chat,[\"up\"]"),
              new WirePacket("451-[\"b\"]", List.of(new byte[] {3}))));

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) length);
    return bytes;
  }

  @Test
  void readQuestion_ofAQuestion_isTheSame() throws Exception {
    Map<String, byte[]> question = Map.of("", bytes(32), "/b", new byte[0], "/a", bytes(32));

    Map<String, byte[]> read = HandOverCodec.readQuestion(HandOverCodec.question(question));

    assertThat(read).containsOnlyKeys("", "/a", "/b");
    assertThat(read.get("")).isEqualTo(bytes(32));
    assertThat(read.get("/b")).isEmpty();
    assertThat(HandOverCodec.readQuestion(HandOverCodec.question(Map.of()))).isEmpty();
  }

  @Test
  void readState_ofAState_isTheSame() throws Exception {
    HandedState read = HandOverCodec.readState(HandOverCodec.state(STATE));

    assertThat(read.session()).isEqualTo(SESSION);
    assertThat(read.pid()).isEqualTo("pid");
    assertThat(read.nextAck()).isEqualTo(7);
    assertThat(read.rooms()).isEqualTo(STATE.rooms());
    assertThat(read.data()).isEqualTo(STATE.data());
    assertThat(read.identities()).containsOnlyKeys("", "/chat");
    assertThat(read.identities().get("/chat")).isEqualTo(bytes(32));
  }

  @Test
  void readMail_ofMail_isTheSameInOrder() throws Exception {
    Mail read = HandOverCodec.readMail(HandOverCodec.mail(MAIL));

    assertThat(read).usingRecursiveComparison().isEqualTo(MAIL);
    assertThat(HandOverCodec.readMail(HandOverCodec.mail(new Mail(List.of(), List.of()))))
        .isEqualTo(new Mail(List.of(), List.of()));
  }

  @Test
  void read_ofAnotherKind_isRefused() {
    assertMalformed(() -> HandOverCodec.readState(HandOverCodec.mail(MAIL)));
    assertMalformed(() -> HandOverCodec.readMail(HandOverCodec.state(STATE)));
    assertMalformed(() -> HandOverCodec.readQuestion(HandOverCodec.state(STATE)));
  }

  @Test
  void read_ofAnotherVersion_isRefused() {
    byte[] other = HandOverCodec.mail(MAIL);
    other[0]++;
    assertMalformed(() -> HandOverCodec.readMail(other));
  }

  @Test
  void read_ofATruncatedForm_isRefusedAtEachLength() {
    byte[] state = HandOverCodec.state(STATE);
    for (int length = 0; length < state.length; length++) {
      byte[] cut = Arrays.copyOf(state, length);
      assertMalformed(() -> HandOverCodec.readState(cut));
    }
    byte[] mail = HandOverCodec.mail(MAIL);
    for (int length = 0; length < mail.length; length++) {
      byte[] cut = Arrays.copyOf(mail, length);
      assertMalformed(() -> HandOverCodec.readMail(cut));
    }
  }

  @Test
  void read_ofAByteTooMany_isRefused() {
    byte[] mail = HandOverCodec.mail(MAIL);
    assertMalformed(() -> HandOverCodec.readMail(Arrays.copyOf(mail, mail.length + 1)));
  }

  @Test
  void read_ofACountThatTheBytesCannotHave_isRefusedBeforeRoomIsMade() {
    byte[] huge = {2, 'M', 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0};
    assertMalformed(() -> HandOverCodec.readMail(huge));
    byte[] negative = {2, 'M', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    assertMalformed(() -> HandOverCodec.readMail(negative));
    byte[] length = {2, 'Q', 0, 0, 0, 1, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    assertMalformed(() -> HandOverCodec.readQuestion(length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "4", "42", "3[]x", "40{\"sid\":1}", "41,[]", "44{}x", "451-[]", "2probe"})
  void readMail_ofAPacketThatIsNoEvent_isRefused(String text) {
    byte[] missed = HandOverCodec.mail(new Mail(List.of(WirePacket.of(text)), List.of()));
    byte[] upstream = HandOverCodec.mail(new Mail(List.of(), List.of(WirePacket.of(text))));
    assertMalformed(() -> HandOverCodec.readMail(missed));
    assertMalformed(() -> HandOverCodec.readMail(upstream));
  }

  @Test
  void readMail_ofAnotherNumberOfAttachments_isRefused() {
    for (int attachments : new int[] {0, 1, 3}) {
      WirePacket packet =
          new WirePacket("452-[\"b\"]", Collections.nCopies(attachments, new byte[] {1}));
      byte[] mail = HandOverCodec.mail(new Mail(List.of(packet), List.of()));
      assertMalformed(() -> HandOverCodec.readMail(mail));
    }
    byte[] mail =
        HandOverCodec.mail(
            new Mail(List.of(new WirePacket("42[1]", List.of(new byte[] {1}))), List.of()));
    assertMalformed(() -> HandOverCodec.readMail(mail));
  }

  @Test
  void readMail_ofAnOverlapOfMoreThanThereIs_isRefused() {
    byte[] mail = HandOverCodec.mail(new Mail(List.of(), 1, List.of()));
    assertMalformed(() -> HandOverCodec.readMail(mail));
    byte[] negative = HandOverCodec.mail(new Mail(List.of(), -1, List.of()));
    assertMalformed(() -> HandOverCodec.readMail(negative));
  }

  @Test
  void readMail_ofAnAcknowledgementUpstream_isRefused() {
    byte[] mail = HandOverCodec.mail(new Mail(List.of(), List.of(WirePacket.of("431[1]"))));
    assertMalformed(() -> HandOverCodec.readMail(mail));
  }

  @Test
  void readQuestion_ofAFingerprintOfAnotherLength_isRefused() {
    byte[] question = HandOverCodec.question(Map.of("", bytes(31)));
    assertMalformed(() -> HandOverCodec.readQuestion(question));
  }

  @Test
  void write_ofTooManyNamespaces_isRefused() {
    Map<String, byte[]> many = new HashMap<>();
    for (int i = 0; i <= HandOverCodec.MOST_NAMESPACES; i++) {
      many.put("/" + i, bytes(32));
    }
    assertThatThrownBy(() -> HandOverCodec.question(many))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("65 namespaces (expected: at most 64)");
  }

  @Test
  void write_ofHalfASurrogatePair_isRefused() {
    assertThatThrownBy(
            () -> HandOverCodec.mail(new Mail(List.of(WirePacket.of("42[\"\ud83d\"]")), List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What is read is what would be written; everything else is refused with the one error. */
  @Test
  void read_ofRandomlyChangedForms_isOneFormOrRefused() throws Exception {
    Random random = new Random(16);
    List<byte[]> forms =
        List.of(
            HandOverCodec.state(STATE),
            HandOverCodec.mail(MAIL),
            HandOverCodec.question(Map.of("", bytes(32), "/b", new byte[0])));
    int read = 0;
    for (int i = 0; i < 60_000; i++) {
      byte[] changed = forms.get(i % 3).clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        changed = Arrays.copyOf(changed, random.nextInt(changed.length + 9));
      }
      read += readsAsWritten(changed) ? 1 : 0;
    }
    assertThat(read).isGreaterThan(100);
  }

  private static boolean readsAsWritten(byte[] form) throws Exception {
    if (form.length < 2) {
      return false;
    }
    try {
      byte[] again =
          switch (form[1]) {
            case 'Q' -> HandOverCodec.question(HandOverCodec.readQuestion(form));
            case 'S' -> HandOverCodec.state(HandOverCodec.readState(form));
            case 'M' -> HandOverCodec.mail(HandOverCodec.readMail(form));
            default -> form;
          };
      assertThat(again).isEqualTo(form);
      return form[1] == 'Q' || form[1] == 'S' || form[1] == 'M';
    } catch (HandOverRefusal e) {
      assertThat(e.reason()).isEqualTo("malformed");
      return false;
    }
  }

  @Test
  void read_ofRandomBytes_isRefused() {
    Random random = new Random(17);
    Set<String> reasons = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      if (noise.length > 2) {
        noise[0] = 1;
        noise[1] = (byte) "QSM".charAt(i % 3);
      }
      if (catchThrowable(() -> HandOverCodec.readMail(noise)) instanceof HandOverRefusal refusal) {
        reasons.add(refusal.reason());
      }
      if (catchThrowable(() -> HandOverCodec.readState(noise)) instanceof HandOverRefusal refusal) {
        reasons.add(refusal.reason());
      }
    }
    assertThat(reasons).containsExactly("malformed");
  }

  private static void assertMalformed(ThrowingCallable reading) {
    assertThat(catchThrowable(reading))
        .isInstanceOfSatisfying(
            HandOverRefusal.class, e -> assertThat(e.reason()).isEqualTo("malformed"));
  }
}
