package io.gracefuldrain.socketio;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Goodbye;
import io.gracefuldrain.socketio.TestCrowd.Upload;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/** The goodbye by a Close frame, for a crowd of clients of every kind. */
@Isolated("a crowd keeps the processors busy")
class GoodbyeIT {
  private static final int EACH = 2;

  // The clients get the same Close frames in the next test.
  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void byACloseFrame_jsClientsOfEveryKind_returnWithNothingLost() throws Exception {
    Set<ClientKind> kinds =
        ClientKind.all().stream()
            .filter(kind -> !kind.java())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(ClientKind.class)));
    try (Rollout rollout =
        new Rollout(kinds, EACH, pod -> pod.policy(p -> p.withGoodbye(Goodbye.CLOSE)))) {
      rollout.arrive(Upload.STEADY);
      rollout.flows(rollout.podA());

      DrainReport report = rollout.drain();

      EveryClientIT.everybodyWasLetGo(report, kinds.size() * EACH);
      EveryClientIT.nothingIsLost(rollout.settle(), EACH);
    }
  }

  @Test
  void chosenByClient_everyKindGetsItsOwn_andReturnsWithNothingLost() throws Exception {
    try (Rollout rollout = new Rollout(ClientKind.all(), EACH, pod -> pod)) {
      rollout
          .podA()
          .adapter()
          .goodbye(
              handshake ->
                  String.valueOf(handshake.getHttpHeaders().get("User-Agent")).startsWith("okhttp")
                      ? Goodbye.FIN
                      : Goodbye.CLOSE);
      rollout.arrive(Upload.STEADY);
      rollout.flows(rollout.podA());

      DrainReport report = rollout.drain();

      EveryClientIT.everybodyWasLetGo(report, ClientKind.all().size() * EACH);
      EveryClientIT.nothingIsLost(rollout.settle(), EACH);
    }
  }
}
