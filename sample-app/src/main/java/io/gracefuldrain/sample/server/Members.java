package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients that are here. An event for all is sent to each on its own: netty-socketio's
 * broadcasts share one packet among clients of different protocol versions and garble it.
 * Thread-safe.
 */
final class Members {
  private final SocketIOServer server;
  private final Work work;
  private final Map<UUID, Member> members = new ConcurrentHashMap<>();

  Members(SocketIOServer server, Work work) {
    this.server = server;
    this.work = work;
  }

  Member enter(SocketIOClient client, int feedMs) {
    Member member = new Member(server, work, client, feedMs);
    members.put(member.id(), member);
    return member;
  }

  @Nullable Member leave(SocketIOClient client) {
    return members.remove(client.getSessionId());
  }

  @Nullable Member find(SocketIOClient client) {
    return members.get(client.getSessionId());
  }

  void tell(String event, Object payload) {
    for (Member member : members.values()) {
      if (member.joined()) {
        member.send(event, payload);
      }
    }
  }
}
