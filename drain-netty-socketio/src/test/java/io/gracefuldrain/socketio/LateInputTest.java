package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LateInputTest {
  private static final String ONE_PART = "451-[\"b\",{\"_placeholder\":true,\"num\":0}]";

  private final List<String> told = new ArrayList<>();
  private final LateInput input = new LateInput(1000, new Told());

  private final class Told implements LateInput.Reactions {
    @Override
    public void event(WirePacket packet) {
      told.add("event " + packet.text() + parts(packet));
    }

    private static String parts(WirePacket packet) {
      return packet.attachments().stream()
          .map(part -> " " + part.length)
          .collect(Collectors.joining());
    }

    @Override
    public void leftOut() {
      told.add("left out");
    }

    @Override
    public void tooBig(int bytes) {
      told.add("too big " + bytes);
    }

    @Override
    public void forThisPod(List<ByteBuf> packet) {
      told.add("here " + packet.get(0).toString(StandardCharsets.UTF_8) + " " + packet.size());
    }

    @Override
    public void disconnected() {
      told.add("disconnected");
    }

    @Override
    public void landed() {
      told.add("landed");
    }
  }

  @Test
  void text_anEventGoesAlong_unlessItAsksForAnAcknowledgement() {
    input.text("42[\"a\"]");
    input.text("42/chat,[\"a\"]");
    input.text("427[\"a\"]");
    input.text("42/chat,7[\"a\"]");

    assertThat(told)
        .containsExactly("event 42[\"a\"]", "event 42/chat,[\"a\"]", "left out", "left out");
  }

  @Test
  void text_anAcknowledgementAndADisconnect_areForThisPod() {
    input.text("431[1]");
    input.text("41/chat,");

    assertThat(told).containsExactly("here 431[1] 1", "here 41/chat, 1", "disconnected");
  }

  @Test
  void text_anEventOfTheProtocol_saysThatTheClientHasLanded() {
    input.text("421[\"drain:landed\",{}]");

    assertThat(told).containsExactly("landed");
  }

  @Test
  void binary_partsAreWaitedFor_andBelongToTheirPacket() {
    input.text("452-[\"b\"]");
    input.binary(new byte[3]);
    assertThat(told).isEmpty();
    input.binary(new byte[0]);
    input.text("461-9[1]");
    input.binary(new byte[5]);

    assertThat(told).containsExactly("event 452-[\"b\"] 3 0", "here 461-9[1] 2");
  }

  @Test
  void resume_goesOnInTheMiddleOfAPacket() {
    input.resume("452-[\"b\"]", List.of(new byte[1]), 2);
    input.binary(new byte[2]);

    assertThat(told).containsExactly("event 452-[\"b\"] 1 2");
  }

  @Test
  void text_inTheMiddleOfAPacket_leavesThatOut() {
    input.text(ONE_PART);
    input.text("42[\"a\"]");
    input.binary(new byte[1]);

    assertThat(told).containsExactly("event 42[\"a\"]");
  }

  @Test
  void binary_largerThanMayBeKept_isTold() {
    input.text("452-[\"b\"]");
    input.binary(new byte[900]);
    input.binary(new byte[900]);
    input.text("42[\"a\"]");

    assertThat(told).containsExactly("too big 1809", "event 42[\"a\"]");
  }

  @Test
  void text_ofMorePartsThanMayBe_isTold() {
    input.text("451025-[\"b\"]");

    assertThat(told).containsExactly("too big 1000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3",
        "4",
        "40",
        "40/chat,{\"pid\":\"x\"}",
        "44{}",
        "42",
        "42x",
        "42/chat[\"a\"]",
        "42x[\"a\"]",
        "45[\"b\"]",
        "45-[\"b\"]",
        "450-[\"b\"]",
        "45x-[\"b\"]",
        "4599999-[\"b\"]",
        "45-1-[\"b\"]",
        "459999999999999999999-[\"b\"]"
      })
  void text_ofAnythingElse_isLeftOut(String text) {
    input.text(text);
    input.binary(new byte[1]);

    assertThat(told).isEmpty();
  }

  @Test
  void anyInput_isTakenApartOrLeftOut() {
    Random random = new Random(6);
    String characters = "0123456-,/[]\"abdr:{}_\u001eü";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "4" : "45");
      for (int length = random.nextInt(20); length > 0; length--) {
        text.append(characters.charAt(random.nextInt(characters.length())));
      }
      input.text(text.toString());
      if (random.nextInt(3) == 0) {
        input.binary(new byte[random.nextInt(600)]);
      }
    }
    // What goes along is what the other pod reads.
    assertThat(told).isNotEmpty().noneMatch(line -> line.startsWith("event 40"));
  }
}
