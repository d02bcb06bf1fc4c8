package io.gracefuldrain.socketio;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSessions;
import io.gracefuldrain.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a pod gets when it asks another one for a session. It is that other pod's own answer. */
final class NextPod {
  static final String NAME = "pod-b";

  /** What is asked for a client that had joined the main namespace without {@code auth}. */
  static final Map<String, byte[]> NO_AUTH = Map.of("", new byte[0]);

  private static final Pattern FEED = Pattern.compile("42\\[\"feed\",\"[^\"]*\",(\\d+)\\]");

  private NextPod() {}

  /** The settings of a pod that hands sessions over, and waits long for those who take them. */
  static DrainPolicy keeps(DrainPolicy policy) {
    return policy
        .withTicketKey("a key for tests alone that is long enough")
        .withSettleGrace(Duration.ofSeconds(20));
  }

  static HandedState state(FeedServer pod, UUID session) throws HandOverRefusal {
    return state(pod, session, NO_AUTH);
  }

  static HandedState state(FeedServer pod, UUID session, Map<String, byte[]> question)
      throws HandOverRefusal {
    return HandOverCodec.readState(
        pod.coordinator()
            .keptSessions()
            .state(session.toString(), HandOverCodec.question(question)));
  }

  /** Why a session is not to be had, or null if it is. */
  static @Nullable String refusal(FeedServer pod, UUID session) {
    try {
      state(pod, session);
      return null;
    } catch (HandOverRefusal e) {
      return e.reason();
    }
  }

  /** Waits until a session is offered. */
  static void awaitOffer(FeedServer pod, UUID session) {
    Await.until(
        () -> "an offer; last: " + refusal(pod, session),
        Await.SOON,
        () -> refusal(pod, session) == null);
  }

  /** Waits until a session is offered, and takes it. */
  static Mail take(FeedServer pod, UUID session) throws Exception {
    awaitOffer(pod, session);
    KeptSessions sessions = pod.coordinator().keptSessions();
    String request = "request of " + session;
    Mail mail = HandOverCodec.readParcel(sessions.take(session.toString(), request)).mail();
    byte[] rest =
        sessions
            .landed(session.toString(), request, NAME)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    if (rest.length == 0) {
      return mail;
    }
    List<WirePacket> all = new ArrayList<>(mail.missed());
    all.addAll(HandOverCodec.readParcel(rest).mail().missed());
    return new Mail(all, mail.upstream());
  }

  /** The numbers of a feed in what was missed. */
  static List<Integer> numbers(Mail mail) {
    List<Integer> numbers = new ArrayList<>();
    for (WirePacket packet : mail.missed()) {
      Matcher feed = FEED.matcher(packet.text());
      if (feed.matches()) {
        numbers.add(Integer.valueOf(feed.group(1)));
      }
    }
    return numbers;
  }
}
