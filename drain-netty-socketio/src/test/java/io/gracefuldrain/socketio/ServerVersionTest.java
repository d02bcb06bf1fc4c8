package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.corundumstudio.socketio.SocketIOServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which netty-socketio the adapter takes. */
class ServerVersionTest {
  @Test
  void of_theJarOnTheClassPath_isTheNewestThatIsTested() {
    assertThat(ServerVersion.of(SocketIOServer.class)).isEqualTo(ServerVersion.NEWEST);
  }

  @Test
  void of_aClassWhoseJarSaysNothing_isUnknown() {
    assertThat(ServerVersion.of(ServerVersionTest.class)).isNull();
    assertThat(ServerVersion.of(String.class)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "2.0", "two", "2.0.x", "99999999999.0.0"})
  void parse_ofWhatIsNoVersion_isNull(String text) {
    assertThat(ServerVersion.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.0.11", "2.0.9", "1.7.19", "2.0.11-SNAPSHOT"})
  void version_older_isRefusedWithBothNamed(String text) {
    assertThatThrownBy(() -> ServerCheck.version(ServerVersion.parse(text)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("netty-socketio: " + text + " (expected: 2.0.12 to 2.0.14)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.0.12", "2.0.13", "2.0.14"})
  void version_tested_isTakenWithoutAWord(String text) {
    try (LogTap log = LogTap.of(ServerCheck.class)) {
      ServerCheck.version(ServerVersion.parse(text));

      assertThat(log.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.0.15", "2.1.0", "3.0.0-beta", "10.0.0"})
  void version_newer_isTakenWithAWarning(String text) {
    try (LogTap log = LogTap.of(ServerCheck.class)) {
      ServerCheck.version(ServerVersion.parse(text));

      assertThat(log.lines()).singleElement().asString().startsWith("DRAIN-063").contains(text);
    }
  }

  @Test
  void version_unknown_isTakenWithAWarning() {
    try (LogTap log = LogTap.of(ServerCheck.class)) {
      ServerCheck.version(null);

      assertThat(log.lines()).singleElement().asString().startsWith("DRAIN-063").contains("2.0.14");
    }
  }
}
