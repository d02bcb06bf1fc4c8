package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AckCallback;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A session over long-polling that was let go, and waits for another pod. */
class KeptPollerIT extends KeptSetup {
  @Test
  void letGo_withAPollPending_isOfferedWhenTheClientHasReadItsAnswer() throws Exception {
    ScriptedPoller poller = ScriptedPoller.join(pod);
    FeedSession session = poller.ready("kept");
    CompletableFuture<TestHttp.Answer> pending = pendingPoll(pod, poller);

    CompletableFuture<DrainReport> drain = pod.drain();
    TestHttp.Answer last = poller.take(pending.get(10, TimeUnit.SECONDS));

    assertThat(last.body()).startsWith("42[\"drain:at\",");
    session.send(10);
    assertThat(session.open()).isTrue();
    assertThat(NextPod.refusal(pod, poller.session())).isEqualTo("unproven");
    refusedAsUnknown(poller.poll());
    session.send(10);

    assertThat(NextPod.numbers(NextPod.take(pod, poller.session()))).isEqualTo(range(0, 20));
    Await.until("the end", () -> !session.open());
    assertThat(FeedServer.receipt(drain).count(Outcome.LANDED)).isOne();
  }

  @Test
  void letGo_moreQueuedThanOnePollHolds_isDeliveredFirst_andTheRestIsInTheMail() throws Exception {
    ScriptedPoller poller = ScriptedPoller.join(pod);
    FeedSession session = poller.ready("kept");
    session.send(120);

    var unused = pod.drain();
    Await.until("its seal", () -> pod.adapter().moving(session.client()));
    session.send(5);
    TestHttp.Answer answer = poller.poll();
    while (answer.status() == 200) {
      session.send(5);
      answer = poller.poll();
    }

    refusedAsUnknown(answer);
    List<Integer> delivered = poller.numbers(); // what is sent as it is sealed may be among it
    assertThat(delivered).hasSizeGreaterThanOrEqualTo(120);
    assertThat(delivered).isEqualTo(range(0, delivered.size()));
    assertThat(poller.packets().get(poller.packets().size() - 1)).contains("drain:at");
    List<Integer> missed = NextPod.numbers(NextPod.take(pod, poller.session()));
    assertThat(missed).isNotEmpty();
    assertThat(missed).isEqualTo(range(delivered.size(), delivered.size() + missed.size()));
  }

  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true") // it waits three seconds
  void letGo_pollerThatNeverPollsAgain_isNotKept() throws Exception {
    ScriptedPoller poller = ScriptedPoller.join(pod);
    FeedSession session = poller.ready("gone");
    session.send(3);

    DrainReport report = pod.drained();

    assertThat(report.count(Outcome.CLOSED)).isOne();
    assertThat(session.open()).isFalse();
    assertThat(NextPod.refusal(pod, poller.session())).isNotNull();
    Await.until("no client", () -> pod.server().getAllClients().isEmpty());
  }

  @Test
  void letGo_answerThatTheClientHasNotReadToItsEnd_isNotProven() throws Exception {
    ScriptedPoller poller = ScriptedPoller.join(pod);
    FeedSession session = poller.ready("unproven");
    session.send(3);

    CompletableFuture<DrainReport> drain = pod.drain();
    Await.until("its seal", () -> pod.adapter().moving(session.client()));
    poller.poll(); // and not again

    assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    assertThat(NextPod.refusal(pod, poller.session())).isNotNull();
  }

  @Test
  void upload_thatCameTooLate_goesAlong_andIsAnsweredAsEver() throws Exception {
    ScriptedPoller poller = ScriptedPoller.join(pod);
    FeedSession session = poller.ready("sender");
    List<String> heard = new CopyOnWriteArrayList<>();
    session
        .client()
        .sendEvent(
            "asked",
            new AckCallback<>(String.class) {
              @Override
              public void onSuccess(String result) {
                heard.add(result);
              }
            });
    poller.poll();
    String asked = poller.packets().get(poller.packets().size() - 1);
    session.send(1);

    var unused = pod.drain();
    Await.until("its seal", () -> pod.adapter().moving(session.client()));
    CompletableFuture<TestHttp.Answer> upload =
        CompletableFuture.supplyAsync(
            () ->
                poller.postQuietly(
                    String.join(
                        "\u001e",
                        "42[\"upload\",\"late\",0]",
                        "423[\"upload\",\"late\",1]",
                        "43" + asked.replaceAll("^42(\\d+).*", "$1") + "[\"yes\"]",
                        "451-[\"upload\",{\"_placeholder\":true,\"num\":0}]",
                        "bAQI=",
                        "42[\"upload\",\"late\",2]")));
    Await.until("the acknowledgement", () -> !heard.isEmpty());

    assertThat(upload.get(10, TimeUnit.SECONDS).body()).isEqualTo("ok");
    assertThat(poller.post("42[\"upload\",\"late\",3]").body()).isEqualTo("ok");
    while (poller.poll().status() == 200) {
      // It reads what was queued.
    }
    Mail mail = NextPod.take(pod, poller.session());
    assertThat(heard).containsExactly("yes");
    assertThat(mail.upstream())
        .extracting(WirePacket::text)
        .containsExactly(
            "42[\"upload\",\"late\",0]",
            "451-[\"upload\",{\"_placeholder\":true,\"num\":0}]",
            "42[\"upload\",\"late\",2]",
            "42[\"upload\",\"late\",3]");
    assertThat(mail.upstream().get(1).attachments()).containsExactly(new byte[] {1, 2});
    assertThat(pod.uploads().has("late", 0)).isFalse();
  }

  @Test
  void client_thatLeavesByAnUpload_isNotKept() throws Exception {
    ScriptedPoller poller = ScriptedPoller.join(pod);
    FeedSession session = poller.ready("left");
    session.send(1);
    List<String> ends = new ArrayList<>();
    pod.server().addDisconnectListener(gone -> ends.add("end"));

    CompletableFuture<DrainReport> drain = pod.drain();
    Await.until("its seal", () -> pod.adapter().moving(session.client()));
    CompletableFuture<TestHttp.Answer> upload =
        CompletableFuture.supplyAsync(() -> poller.postQuietly("41"));

    Await.until("the end", () -> !session.open());
    assertThat(FeedServer.receipt(drain).count(Outcome.CLOSED)).isOne();
    assertThat(ends).containsExactly("end");
    assertThat(upload.get(10, TimeUnit.SECONDS).status()).isIn(200, 400);
    assertThat(pod.coordinator().report().handedOver().refused())
        .isEqualTo(Map.of("disconnected", 1L));
    assertThat(NextPod.refusal(pod, poller.session())).isNotNull();
  }

  private static CompletableFuture<TestHttp.Answer> pendingPoll(
      FeedServer pod, ScriptedPoller poller) {
    Channel before = pod.tap().channel(poller.session());
    CompletableFuture<TestHttp.Answer> poll = poller.pending();
    Await.until("the poll", () -> pod.tap().channel(poller.session()) != before);
    return poll;
  }

  private static void refusedAsUnknown(TestHttp.Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(ScriptedPoller.UNKNOWN_SESSION);
  }
}
