package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Queues events to sessions between their choice and their farewell. It occupies each session's
 * event loop until the session is sealed, and sends then. Uploads that clients send meanwhile wait
 * unread.
 */
final class LastWords {
  static final int TO_A_WEBSOCKET = 200;
  static final int TO_A_POLLER = 20;

  private static final Duration MOST = Duration.ofSeconds(10);

  private final FeedServer pod;
  private final Queue<String> unheard = new ConcurrentLinkedQueue<>();
  private CountDownLatch unsaid = new CountDownLatch(0);

  LastWords(FeedServer pod) {
    this.pod = pod;
  }

  void prepare() {
    var open = pod.sessions().stream().filter(FeedSession::open).toList();
    unsaid = new CountDownLatch(open.size());
    for (FeedSession session : open) {
      Channel channel = pod.tap().channel(session.client().getSessionId());
      channel.eventLoop().execute(() -> say(session));
    }
  }

  private void say(FeedSession session) {
    try {
      long begun = System.nanoTime();
      while (!pod.sealed(session)) {
        if (System.nanoTime() - begun > MOST.toNanos()) {
          unheard.add(session.name() + " was not sealed");
          return;
        }
        LockSupport.parkNanos(5_000_000);
      }
      if (session.transport() == Transport.POLLING) {
        session.send(TO_A_POLLER); // some are lost if it has polled on another event loop
        return;
      }
      int before = session.owed();
      session.send(TO_A_WEBSOCKET);
      if (session.owed() - before < TO_A_WEBSOCKET) {
        unheard.add(session + " was let go before");
      }
    } catch (RuntimeException e) {
      unheard.add(session.name() + ": " + e);
    } finally {
      unsaid.countDown();
    }
  }

  /** Fails if a client could not be told them. */
  void allSaid() throws InterruptedException {
    boolean all = unsaid.await(MOST.toMillis(), TimeUnit.MILLISECONDS);
    if (!all || !unheard.isEmpty()) {
      throw new AssertionError(unsaid.getCount() + " not said within " + MOST + ", and " + unheard);
    }
  }
}
