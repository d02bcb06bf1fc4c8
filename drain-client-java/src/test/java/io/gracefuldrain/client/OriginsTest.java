package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class OriginsTest {
  private static boolean allow(String own, AwareOptions options, String url) {
    return new Origins(URI.create(own), options.origins()).allow(URI.create(url));
  }

  @Test
  void allow_ownOrigin_isAllowedInAnyForm() {
    AwareOptions none = AwareOptions.defaults();

    assertThat(allow("https://chat.test/room", none, "https://chat.test/io/")).isTrue();
    assertThat(allow("https://chat.test", none, "wss://CHAT.test:443")).isTrue();
    assertThat(allow("ws://chat.test", none, "http://chat.test:80")).isTrue();
  }

  @Test
  void allow_otherOrigin_isNotUnlessItIsNamed() {
    AwareOptions named = AwareOptions.defaults().withOrigins("wss://eu.chat.test");

    for (String other :
        new String[] {"https://eu.chat.test", "https://chat.test:8443", "https://evil.test"}) {
      assertThat(allow("https://chat.test", AwareOptions.defaults(), other)).isFalse();
    }
    assertThat(allow("https://chat.test", named, "https://eu.chat.test")).isTrue();
    assertThat(allow("https://chat.test", named, "https://eu.chat.test:8443")).isFalse();
  }

  @Test
  void allow_predicate_isGivenTheOrigin() {
    AwareOptions asked =
        AwareOptions.defaults().withOrigins(origin -> origin.equals("http://10.0.0.1:8080"));

    assertThat(allow("http://chat.test", asked, "ws://10.0.0.1:8080/io")).isTrue();
    assertThat(allow("http://chat.test", asked, "ws://10.0.0.2:8080/io")).isFalse();
  }

  @Test
  void allow_unencryptedFromEncrypted_isNeverAllowed() {
    AwareOptions any = AwareOptions.defaults().withOrigins(origin -> true);

    assertThat(allow("https://chat.test", any, "http://chat.test")).isFalse();
    assertThat(allow("wss://chat.test", any, "ws://other.test")).isFalse();
    assertThat(allow("http://chat.test", any, "https://other.test")).isTrue();
  }
}
