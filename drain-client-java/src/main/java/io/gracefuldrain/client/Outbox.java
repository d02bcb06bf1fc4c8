package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of an emit: held while a move asks for it, kept while there is no connection, else sent.
 * The stock client's own buffer is not used: it would go down with its connection.
 */
final class Outbox {
  private final Function<AwareSocket, @Nullable Channel> way;
  private final Gate<Emit> gate;
  private final Queue<Emit> unsent = new ArrayDeque<>();

  /**
   * An empty one.
   *
   * @param way the socket's channel of the current connection, if there is one
   */
  Outbox(Function<AwareSocket, @Nullable Channel> way) {
    this.way = way;
    gate = new Gate<>(EventThread::nextTick, EventThread::isCurrent, this::send);
  }

  /** From any thread. */
  void emit(Emit emit) {
    gate.pass(emit);
  }

  private void send(Emit emit) {
    Channel channel = way.apply(emit.socket());
    if (channel != null && channel.joined()) {
      channel.emit(emit);
    } else {
      unsent.add(emit);
    }
  }

  /** A socket is connected: what was kept for it goes. */
  void sendKept(AwareSocket socket) {
    List<Emit> kept = new ArrayList<>();
    unsent.removeIf(emit -> emit.socket() == socket && kept.add(emit));
    kept.forEach(this::send);
  }

  /** What has timed out will not be sent, and need not be kept. */
  void forgetExpired() {
    unsent.removeIf(Outbox::expired);
    gate.take(Outbox::expired);
  }

  private static boolean expired(Emit emit) {
    return emit.reply() != null && emit.reply().over();
  }

  void hold() {
    gate.close();
  }

  /** A socket is about to disconnect: what is held of it goes before. */
  void sendLastWords(AwareSocket socket) {
    gate.take(emit -> emit.socket() == socket).forEach(this::send);
  }

  /** What is held goes; how many were. */
  int release() {
    gate.open();
    return gate.heldInAll();
  }
}
