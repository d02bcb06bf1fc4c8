package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.emitter.Emitter;
import io.socket.thread.EventThread;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What {@link Ready} is given. The stock client's socket stays out of the application's reach. */
final class NextSocket implements ReadySocket {
  /** The connection in one namespace. On the event thread, except for {@link #socket}. */
  interface Way {
    AwareSocket socket();

    boolean joined();

    @Nullable String id();

    void emit(Emit emit);
  }

  private final Way way;
  private final @Nullable Map<String, String> auth;
  private final Emitter own = new Emitter();
  private final String id;
  // Changed on the event thread.
  private volatile boolean connected = true;
  private volatile boolean done;

  NextSocket(Way way, @Nullable Map<String, String> auth) {
    this.way = way;
    this.auth = auth;
    id = String.valueOf(way.id());
  }

  /** The application is ready, and the connection current. */
  void done() {
    done = true;
    own.off();
  }

  /** The connection has ended. */
  void lost() {
    connected = false;
    own.off();
  }

  /** The connection has brought an event. */
  void arrived(String event, Object[] args) {
    if (own.hasListeners(event)) {
      Callout.run(() -> own.emit(event, args));
    }
  }

  @Override
  public ReadySocket emit(String event, Object... args) {
    int last = args.length - 1;
    return last >= 0 && args[last] instanceof Ack
        ? emit(event, Arrays.copyOf(args, last), (Ack) args[last])
        : emit(event, args, null);
  }

  @Override
  public ReadySocket emit(String event, Object[] args, @Nullable Ack ack) {
    Wire.checkEmit(event);
    if (done) {
      way.socket().emit(event, args, ack);
      return this;
    }
    Reply reply = ack == null ? null : new Reply(ack, () -> {});
    EventThread.exec(() -> send(new Emit(way.socket(), event, args, reply)));
    if (reply != null) {
      reply.begin();
    }
    return this;
  }

  private void send(Emit emit) {
    Reply reply = emit.reply();
    if (way.joined()) {
      way.emit(emit);
    } else if (reply != null) {
      reply.lost(); // this connection will not be used
    }
  }

  @Override
  public CompletableFuture<Object[]> emitWithAck(String event, Object... args) {
    FutureAck answer = new FutureAck();
    emit(event, args, answer);
    return answer.future();
  }

  @Override
  public ReadySocket on(String event, Emitter.Listener listener) {
    if (!done && connected) {
      own.on(event, listener);
    }
    return this;
  }

  @Override
  public ReadySocket once(String event, Emitter.Listener listener) {
    if (!done && connected) {
      own.once(event, listener);
    }
    return this;
  }

  @Override
  public ReadySocket off(String event) {
    own.off(event);
    return this;
  }

  @Override
  public ReadySocket off(String event, Emitter.Listener listener) {
    own.off(event, listener);
    return this;
  }

  @Override
  public @Nullable String id() {
    return connected ? id : null;
  }

  @Override
  public String namespace() {
    return way.socket().namespace();
  }

  @Override
  public boolean connected() {
    return connected;
  }

  @Override
  public Map<String, String> auth() {
    return auth == null ? Collections.emptyMap() : Collections.unmodifiableMap(new HashMap<>(auth));
  }
}
