package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socket.client.IO;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static final URI URL = URI.create("https://chat.test/room");

  @Test
  void of_withoutQuery_saysAware() {
    assertThat(Target.of(URL, new IO.Options()).options().query).isEqualTo("drain=1&drain-token=1");
  }

  @Test
  void of_withQuery_keepsIt() {
    IO.Options io = new IO.Options();
    io.query = "token=x";

    assertThat(Target.of(URL, io).options().query).isEqualTo("token=x&drain=1&drain-token=1");
    assertThat(Target.of(URI.create(URL + "?a=1"), io).options().query)
        .isEqualTo("a=1&drain=1&drain-token=1");
    assertThat(io.query).isEqualTo("token=x");
  }

  @Test
  void of_queryThatSaysDrainAlready_saysItOnce() {
    IO.Options io = new IO.Options();
    io.query = "drain=0&drainage=x&a=1&drain";

    assertThat(Target.of(URL, io).options().query)
        .isEqualTo("drainage=x&a=1&drain=1&drain-token=1");
  }

  @Test
  void hinted_ticketAndAddress_areForgottenWhenAdopted() {
    Target plain = Target.of(URL, new IO.Options());
    Hint hint = new Hint("drain", 1, "a+b c&d", URI.create("http://other.test:1/io"));

    IO.Options options = plain.hinted(hint, false).options();
    assertThat(options.query).isEqualTo("drain=1&drain-token=1&ticket=a%2Bb%20c%26d");
    assertThat(options.host).isEqualTo("other.test");
    assertThat(options.port).isOne();
    assertThat(options.secure).isFalse();
    assertThat(options.path).isEqualTo("/io");
    plain.refresh(options);

    assertThat(options.query).isEqualTo("drain=1&drain-token=1");
    assertThat(options.host).isEqualTo("chat.test");
    assertThat(options.port).isEqualTo(-1); // the scheme's
    assertThat(options.secure).isTrue();
    assertThat(options.path).isEqualTo("/socket.io");
  }

  @Test
  void options_whatTheApplicationHasRefreshed_isRead() {
    IO.Options io = new IO.Options();
    io.query = "token=1";
    io.auth = Map.of("token", "1");
    Target target = Target.of(URL, io);
    IO.Options connection = target.options();

    io.query = "token=2";
    io.extraHeaders = Map.of("authorization", List.of("2"));
    io.transports = new String[] {"websocket"};
    io.auth = Map.of("token", "2");
    target.refresh(connection);

    assertThat(connection.query).isEqualTo("token=2&drain=1&drain-token=1");
    assertThat(connection.extraHeaders).isEqualTo(Map.of("authorization", List.of("2")));
    assertThat(connection.transports).containsExactly("websocket");
    assertThat(connection.auth).isEqualTo(Map.of("token", "2"));
  }

  @Test
  void hinted_webSocketFirst_isTheApplicationsWithAnotherBeginning() {
    Hint hint = new Hint("drain", 1, "t", null);
    IO.Options io = new IO.Options();
    Target target = Target.of(URL, io);

    assertThat(target.hinted(hint, true).options().transports)
        .containsExactly("websocket", "polling");
    assertThat(target.hinted(hint, false).options().transports).isNull();
    io.transports = new String[] {"polling"};
    assertThat(target.hinted(hint, true).options().transports).containsExactly("polling");
  }

  @Test
  void hinted_queryWithATicketOfTheAppsOwn_saysTheHintsAlone() {
    IO.Options io = new IO.Options();
    io.query = "ticket=own&tickets=2";

    Target hinted = Target.of(URL, io).hinted(new Hint("drain", 1, "t", null), false);

    assertThat(hinted.options().query).isEqualTo("tickets=2&drain=1&drain-token=1&ticket=t");
  }

  @Test
  void hinted_url_isWhereItConnects() {
    Target plain = Target.of(URL, new IO.Options());

    Target elsewhere =
        plain.hinted(new Hint("drain", 1, "t", URI.create("http://other.test:1/")), false);

    assertThat(elsewhere.options().host).isEqualTo("other.test");
    assertThat(elsewhere.options().path).isEqualTo("/socket.io"); // the application's own
    assertThat(plain.options().host).isEqualTo("chat.test");
  }

  @Test
  void addresses_thatAreNone_areErrorsThatNameThem() {
    for (String bad : List.of("chat.test", "ftp://chat.test", "http:///room", "http://a b")) {
      assertThatThrownBy(() -> DrainAware.socket(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("url: " + bad + " (expected: ");
    }
  }

  @Test
  void copy_everyOption_isTheSame() throws Exception {
    IO.Options io = new IO.Options();
    io.path = "/other";
    io.timeout = 7;
    io.auth = Map.of("token", "x");
    io.extraHeaders = Map.of("a", List.of("b"));
    io.transports = new String[] {"websocket"};
    io.reconnection = false;

    IO.Options copy = Target.copy(io);

    assertThat(copy).isNotSameAs(io);
    for (Field field : IO.Options.class.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        assertThat(field.get(copy)).as(field.toString()).isEqualTo(field.get(io));
      }
    }
  }
}
