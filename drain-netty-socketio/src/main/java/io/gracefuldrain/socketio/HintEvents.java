package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.ReconnectHint;
import java.util.LinkedHashMap;
import java.util.Map;
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
    Map<String, Object> message = message(hint);
    for (SocketIOClient client : greeted.all()) {
      client.sendEvent(RECONNECT, new Acknowledgement(handle), message);
    }
  }

  private static Map<String, Object> message(ReconnectHint hint) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("reason", hint.reason());
    message.put("graceMs", hint.grace().toMillis());
    message.put("ticket", hint.ticket());
    if (hint.url() != null) {
      message.put("url", hint.url());
    }
    return message;
  }

  /** One namespace has heard the hint. */
  private static final class Acknowledgement extends AckCallback<Object> {
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
