package io.gracefuldrain.socketio;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Uploads that came too late, and are refused later, so that no answer overtakes the poll's. */
final class HeldUploads {
  private static final int MOST = 16;

  private record Held(Channel channel, @Nullable String origin) {}

  private record Unread(Channel channel, String body) {}

  private final List<Held> held = new ArrayList<>();
  private final Queue<Unread> unread = new ArrayDeque<>();
  private boolean over;

  /**
   * Holds one.
   *
   * @param body what it brings, if anybody is to {@linkplain #read} it
   * @return false if it is to be refused at once
   */
  synchronized boolean tryHold(Channel channel, @Nullable String origin, @Nullable String body) {
    if (body != null && unread.size() < MOST) {
      unread.add(new Unread(channel, body));
    }
    return !over && held.size() < MOST && held.add(new Held(channel, origin));
  }

  synchronized boolean any() {
    return !held.isEmpty();
  }

  /** Reads those that were not read, in the order in which they came. */
  void read(BiConsumer<Channel, String> reader) {
    for (Unread next = next(); next != null; next = next()) {
      reader.accept(next.channel(), next.body());
    }
  }

  private synchronized @Nullable Unread next() {
    return unread.poll();
  }

  /** Refuses what is held, and holds nothing any more. */
  void refuse(EngineIoAnswers answers) {
    List<Held> refused;
    synchronized (this) {
      over = true;
      refused = List.copyOf(held);
      held.clear();
    }
    refused.forEach(upload -> answers.unknownSession(upload.channel(), upload.origin()));
  }
}
