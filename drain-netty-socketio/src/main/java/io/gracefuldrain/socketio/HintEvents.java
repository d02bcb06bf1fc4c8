package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.ReconnectHint;
import org.jspecify.annotations.Nullable;

/**
 * {@code drain:reconnect}: asks an aware client to move. A hint is said in every namespace that has
 * greeted the client, until one of them has acknowledged it: the coordinator has it said again.
 */
final class HintEvents {
  static final String RECONNECT = "drain:reconnect";

  private HintEvents() {}

  /** Says a hint once; the handle is told when the client has heard it. */
  static void say(ReconnectHint hint, GreetedNamespaces greeted, ConnectionHandle handle) {
    Message message = message(hint);
    for (SocketIOClient client : greeted.all()) {
      client.sendEvent(RECONNECT, new Acknowledgement(handle), message);
    }
  }

  private static Message message(ReconnectHint hint) {
    Message message =
        new Message()
            .with("reason", hint.reason())
            .with("graceMs", hint.grace().toMillis())
            .with("ticket", hint.ticket());
    return hint.url() == null ? message : message.with("url", hint.url());
  }

  /** One namespace has heard the hint. */
  static final class Acknowledgement extends AckCallback<Object> {
    private final ConnectionHandle handle;

    Acknowledgement(ConnectionHandle handle) {
      super(Object.class);
      this.handle = handle;
    }

    @Override
    public void onSuccess(@Nullable Object result) {
      handle.heard();
    }
  }
}
