package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class MessageTest {
  @Test
  void read_event_isComplete() {
    Message message = read("4212[\"feed\",{\"n\":1}]");
    assertThat(message.event()).isTrue();
    assertThat(message.id()).isEqualTo(12);
    assertThat(message.complete()).isTrue();
    assertThat(message.args().path(1).path("n").asInt()).isEqualTo(1);
  }

  @Test
  void read_acknowledgement_isNoEvent() {
    assertThat(read("430[]").event()).isFalse();
    assertThat(read("461-7[{\"_placeholder\":true,\"num\":0}]").event()).isFalse();
  }

  @Test
  void add_attachments_takeTheirPlacesAtAnyDepth() throws Exception {
    Message message =
        read(
            "452-[\"a\",{\"b\":[{\"_placeholder\":true,\"num\":1}]},{\"num\":0,\"_placeholder\":true}]");
    assertThat(message.complete()).isFalse();
    message.add(new byte[] {1});
    assertThat(message.complete()).isFalse();
    message.add(new byte[] {2});
    assertThat(message.complete()).isTrue();
    assertThat(message.args().path(1).path("b").path(0).binaryValue()).containsExactly(2);
    assertThat(message.args().path(2).binaryValue()).containsExactly(1);
  }

  @Test
  void read_malformed_isNone() {
    for (String packet : new String[] {"42", "42{}", "42[", "45[\"a\"]", "45x-[]", "4510-[]"}) {
      assertThat(Message.read(packet)).as(packet).isNull();
    }
  }

  private static Message read(String packet) {
    return Objects.requireNonNull(Message.read(packet), packet);
  }
}
