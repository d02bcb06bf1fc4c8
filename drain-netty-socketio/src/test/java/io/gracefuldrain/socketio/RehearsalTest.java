package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.handler.EncoderHandler;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.corundumstudio.socketio.protocol.PacketEncoder;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.Goodbye;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that there is not is let go as others are, and nobody sees it. */
class RehearsalTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  private final List<String> seen = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"", KEY})
  void letGo_endsTheConnection_andNobodySeesIt(String key) throws Exception {
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withTicketKey(key)
            .withReceipt(DrainPolicy.Receipt.LOG)
            .withTerminationLog("");
    try (DrainCoordinator coordinator = DrainCoordinator.create(policy)) {
      ServerContext server = new ServerContext(coordinator, true);
      Configuration configuration = new Configuration();
      configuration.setJsonSupport(new JacksonJsonSupport());
      server.goodbyes(
          handshake -> {
            seen.add("goodbye");
            return Goodbye.FIN;
          });
      server.choices().onLetGo(client -> seen.add("let go"));
      server.choices().identity((handshake, auth) -> "" + seen.add("identity"));
      OwnJson json = new OwnJson(configuration.getJsonSupport(), session -> null);
      server.start(configuration, json, head -> seen.add("forgotten"));
      EncoderHandler encoder =
          new EncoderHandler(configuration, new PacketEncoder(configuration, json));

      assertThat(new Rehearsal(server, configuration, encoder).letGo()).isTrue();

      assertThat(seen).isEmpty();
      assertThat(coordinator.report().tracked()).isZero();
      assertThat(coordinator.phase()).isEqualTo(DrainPhase.STARTING);
    }
  }
}
