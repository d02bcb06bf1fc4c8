package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.ScriptedClient.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The protocol's events are nothing to the application, and its settings are nothing to them. */
class OwnEventsIT {
  private static final String LANDED = "\"drain:landed\",{\"pod\":\"pod-b\",\"connectMs\":7}";

  /** Settings that change how maps and numbers are written, and what may be read. */
  private static final class Peculiar extends JacksonJsonSupport {
    @Override
    protected void init(ObjectMapper mapper) {
      super.init(mapper);
      mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
      mapper.activateDefaultTyping(mapper.getPolymorphicTypeValidator());
      mapper.enable(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS.mappedFeature());
    }
  }

  private static List<String> tap(FeedServer pod) {
    List<String> seen = new CopyOnWriteArrayList<>();
    pod.server().addEventInterceptor((client, name, args, ack) -> seen.add(name));
    return seen;
  }

  @Test
  void interceptor_ofTheApplication_seesItsOwnEventsAlone() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      List<String> seen = tap(pod);
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect"));
      client.awaitAck("", client.emitForAck("", "\"upload\",\"mover\",1"));
      client.awaitAck("", client.emitForAck("", LANDED));
      client.awaitAck("", client.emitForAck("", "\"drain:landed\",\"wrong\""));
      client.awaitAck("", client.emitForAck("", "\"upload\",\"mover\",2"));

      assertThat(seen).containsExactly("upload", "upload");
      client.wire().sendClose();
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void listeners_removedByTheApplication_leaveTheMoveAsItIs() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      client.awaitEvent("drain:hello");
      pod.server().removeAllListeners("drain:landed");
      CompletableFuture<DrainReport> drain = pod.drain();
      client.acknowledge(client.awaitEvent("drain:reconnect"));

      client.awaitAck("", client.emitForAck("", LANDED));

      client.wire().sendClose();
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void json_ofTheApplication_changesNothingOfTheProtocol() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a").configuration(c -> c.setJsonSupport(new Peculiar())).start();
        ScriptedClient client = ScriptedClient.aware(pod).join("/chat")) {
      Event hello = client.awaitEvents("drain:hello", 2).get(0);
      assertThat(hello.data().isObject()).as("%s", hello).isTrue();
      assertThat(hello.data().get("pod").asText()).isEqualTo("pod-a");
      assertThat(client.awaitEvent("drain:plan").data().get("windowMs").isIntegralNumber())
          .isTrue();
      CompletableFuture<DrainReport> drain = pod.drain();
      Event hint = client.awaitEvent("drain:reconnect");
      assertThat(hint.data().get("graceMs").isIntegralNumber()).isTrue();
      client.wire().send("43" + hint.ack() + "[{\"more\":1}]"); // its type is not named
      client.awaitAck("/chat", client.emitForAck("/chat", LANDED));
      assertThat(client.wire().messages()).contains("43/chat,0[]");

      client.wire().sendClose();
      assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
    }
  }

  @Test
  void binaryOfTheApplication_behindAMessageOfOurs_isSentAsItWas() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod)) {
      client.awaitEvent("drain:hello");
      pod.server().getClient(client.session()).sendEvent("bytes", (Object) new byte[] {1, 2, 3});
      client.wire().await("the event", message -> message.startsWith("451-"));

      CompletableFuture<DrainReport> drain = pod.drain();

      client.awaitEvent("drain:reconnect"); // no binary event, although bytes came before
      client.wire().sendClose();
      FeedServer.receipt(drain);
    }
  }
}
