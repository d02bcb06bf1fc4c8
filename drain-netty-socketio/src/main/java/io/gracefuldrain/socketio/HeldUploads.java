package io.gracefuldrain.socketio;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Uploads that came too late. One that goes along to the next pod is answered as if it had come in
 * time. The others are refused later, so that no refusal overtakes the answer to the client's poll.
 * Thread-safe.
 */
final class HeldUploads {
  private static final int MOST = 16;

  private static final class Held {
    private final Channel channel;
    private final @Nullable String origin;
    private @Nullable String unread;

    Held(Channel channel, @Nullable String origin, @Nullable String unread) {
      this.channel = channel;
      this.origin = origin;
      this.unread = unread;
    }
  }

  private final List<Held> held = new ArrayList<>();
  private boolean over;

  /**
   * Holds one.
   *
   * @param body what it brings, if anybody is to {@linkplain #read} it
   * @return false if it is to be refused at once
   */
  synchronized boolean tryHold(Channel channel, @Nullable String origin, @Nullable String body) {
    return held.size() < MOST
        && !(over && body == null)
        && held.add(new Held(channel, origin, body));
  }

  synchronized boolean any() {
    return !held.isEmpty();
  }

  /**
   * Reads those that were not read, in the order in which they came. Called by one thread at a
   * time.
   *
   * @param reader says whether all of it goes along
   */
  void read(BiPredicate<Channel, String> reader, EngineIoAnswers answers) {
    for (Held next = next(); next != null; next = next()) {
      String body = next.unread;
      next.unread = null;
      if (body != null && reader.test(next.channel, body) && remove(next)) {
        answers.uploaded(next.channel, next.origin);
      }
    }
  }

  private synchronized @Nullable Held next() {
    return held.stream().filter(upload -> upload.unread != null).findFirst().orElse(null);
  }

  private synchronized boolean remove(Held upload) {
    return held.remove(upload);
  }

  /** Refuses what is held. From now on nothing is held that nobody reads. */
  void refuse(EngineIoAnswers answers) {
    List<Held> refused;
    synchronized (this) {
      over = true;
      refused = List.copyOf(held);
      held.clear();
    }
    refused.forEach(upload -> answers.unknownSession(upload.channel, upload.origin));
  }
}
