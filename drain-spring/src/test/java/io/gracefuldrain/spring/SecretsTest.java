package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "drain.ticket-key",
        "drain.ticketKey",
        "drain.ticket_key",
        "DRAIN_TICKET_KEY",
        "drain.ticket-key[0]",
        "drain.admin-token",
        "DRAIN_ADMINTOKEN",
        "drain.hook-header",
        "DRAIN_HOOK_HEADER"
      })
  void isSecret_inAnyForm(String name) {
    assertThat(Secrets.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"drain.pod-ip", "DRAIN_POD", "drain.http.port", "ticket-key", "x"})
  void isSecret_ofAnother_isNot(String name) {
    assertThat(Secrets.isSecret(name)).isFalse();
  }

  /** They are settings of the core, all three. */
  @Test
  void names_areThoseOfTheCore() {
    assertThat(DrainSettings.names())
        .filteredOn(name -> Secrets.isSecret("drain." + name))
        .hasSize(3);
  }
}
