package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TicketTest {
  @Test
  void decode_ofATicket_isTheTicket() {
    Ticket ticket = new Ticket("chat-7d9f-äöü", "7d9f", "p-1_", Long.MAX_VALUE, "3fa85f64-5717");
    assertThat(Ticket.decode(ticket.encode())).contains(ticket);
    assertThat(ticket.encode()).as("fits in a query").matches("[A-Za-z0-9_-]+");
  }

  @Test
  void decode_ofATicketOfAnOlderPod_isOneWithoutAProcess() {
    assertThat(Ticket.decode(encoded("u1\nchat-1\n7d9f\n3\nsession")))
        .contains(new Ticket("chat-1", "7d9f", "", 3, "session"));
  }

  @Test
  void movedFrom_aTicket_isTheConnectionThatItNames() {
    Ticket ticket = new Ticket("chat-1", "7d9f", "p", 3, "session");

    assertThat(MovedFrom.of(ticket.encode())).contains(new MovedFrom("chat-1", "7d9f", "session"));
    assertThat(MovedFrom.of(null)).isEmpty();
    assertThat(MovedFrom.of("a forged one")).isEmpty();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "!!!", "dTE", "====", "u1\na\nb\n1\nc"})
  void decode_ofSomethingElse_isNothing(String text) {
    assertThat(Ticket.decode(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u3\na\nb\np\n1\nc",
        "u2\na\nb\n1\nc",
        "u2\na\nb\np\none\nc",
        "u2\na\nb\np\n1\nc\nd",
        "u1\na\nb\none\nc",
        "u1\na\nb\n1",
        "u1\na\nb\n1\nc\nd",
        "u1"
      })
  void decode_ofAnotherForm_isNothing(String text) {
    assertThat(Ticket.decode(encoded(text))).isEmpty();
  }

  @Test
  void decode_ofAnEndlessText_isNothing() {
    assertThat(Ticket.decode("A".repeat(1_000_000))).isEmpty();
  }
}
