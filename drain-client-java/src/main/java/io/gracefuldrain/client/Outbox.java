package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.thread.EventThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way out for emits. They are held while a move asks for it, kept while there is no connection,
 * and otherwise sent. The stock client's own buffer is not used, since it ends with its connection.
 */
final class Outbox {
  private final Function<AwareSocket, @Nullable Channel> way;
  private final Gate<Emit> gate;
  private final Queue<Emit> kept = new ArrayDeque<>();

  /**
   * An empty outbox.
   *
   * @param way finds the socket's channel of the current connection, if there is one
   */
  Outbox(Function<AwareSocket, @Nullable Channel> way) {
    this.way = way;
    gate = new Gate<>(EventThread::nextTick, EventThread::isCurrent, this::send, Emit::frozen);
  }

  /** Takes an emit, from any thread. */
  void emit(AwareSocket socket, String event, Object[] args, @Nullable Ack ack) {
    Reply reply = ack == null ? null : new Reply(ack, this::forgetExpired);
    gate.pass(new Emit(socket, event, args, reply));
    if (reply != null) {
      reply.begin();
    }
  }

  private void send(Emit emit) {
    Channel channel = way.apply(emit.socket());
    if (channel != null && channel.joined()) {
      channel.emit(emit);
    } else {
      kept.add(emit.frozen());
    }
  }

  /** The socket is connected: the emits kept for it are sent. Returns how many there were. */
  int sendKept(AwareSocket socket) {
    List<Emit> taken = takeKept(socket);
    taken.forEach(this::send);
    return taken.size();
  }

  /** Sends the emits kept for the socket on this channel, which is not current. */
  void sendKeptOn(Channel channel) {
    takeKept(channel.socket()).forEach(channel::emit);
  }

  private List<Emit> takeKept(AwareSocket socket) {
    List<Emit> taken = new ArrayList<>();
    kept.removeIf(emit -> emit.socket() == socket && taken.add(emit));
    return taken;
  }

  /** The socket is about to disconnect: the emits held for it are sent first. */
  void sendLastWords(AwareSocket socket) {
    gate.take(emit -> emit.socket() == socket).forEach(this::send);
  }

  /** Drops expired emits. They will never be sent. */
  private void forgetExpired() {
    kept.removeIf(Outbox::expired);
    gate.take(Outbox::expired);
  }

  private static boolean expired(Emit emit) {
    Reply reply = emit.reply();
    return reply != null && reply.over();
  }

  void hold() {
    gate.close();
  }

  /** Sends the held emits. Returns how many there were. */
  int release() {
    gate.open();
    return gate.heldInAll();
  }
}
