package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.ReconnectHint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code drain:reconnect}: asks an aware client to move. One hint is said in every namespace that
 * has greeted the client. It is said again until one of them has acknowledged it, at most four
 * times in its grace. Confined to the session's event loop.
 */
final class HintEvents {
  static final String RECONNECT = "drain:reconnect";

  private static final long LEAST_REPEAT_MILLIS = 250;

  private final Map<String, Object> message;
  private final GreetedNamespaces greeted;
  private final SessionChannels channels;
  private final ConnectionHandle handle;
  private final BooleanSupplier over;
  private final long repeatMillis;
  private volatile boolean acknowledged;

  private HintEvents(
      ReconnectHint hint,
      GreetedNamespaces greeted,
      SessionChannels channels,
      ConnectionHandle handle,
      BooleanSupplier over) {
    this.message = message(hint);
    this.greeted = greeted;
    this.channels = channels;
    this.handle = handle;
    this.over = over;
    this.repeatMillis = Math.max(LEAST_REPEAT_MILLIS, hint.grace().toMillis() / 4);
  }

  /**
   * Says a hint, again and again.
   *
   * @param handle is told that the client has heard it
   * @param over whether there is no more point in saying it
   */
  static void say(
      ReconnectHint hint,
      GreetedNamespaces greeted,
      SessionChannels channels,
      ConnectionHandle handle,
      BooleanSupplier over) {
    new HintEvents(hint, greeted, channels, handle, over).say(hint.grace().toMillis());
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

  private void say(long millisLeft) {
    if (acknowledged || over.getAsBoolean()) {
      return;
    }
    for (SocketIOClient client : greeted.all()) {
      client.sendEvent(RECONNECT, new Acknowledgement(), message);
    }
    if (millisLeft > repeatMillis) {
      var unused =
          channels
              .eventLoop()
              .schedule(() -> say(millisLeft - repeatMillis), repeatMillis, TimeUnit.MILLISECONDS);
    }
  }

  /** One namespace has heard the hint. */
  private final class Acknowledgement extends AckCallback<Object> {
    Acknowledgement() {
      super(Object.class);
    }

    @Override
    public void onSuccess(@Nullable Object result) {
      acknowledged = true;
      handle.heard();
    }
  }
}
