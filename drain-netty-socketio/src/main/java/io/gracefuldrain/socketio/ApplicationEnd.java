package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.Namespace;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of one session for the application, and in netty-socketio's tables. Thread-safe. */
final class ApplicationEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationEnd.class);

  private final ServerContext context;
  private final ClientHead head;
  private final Runnable onForgotten;
  private volatile boolean forgotten;

  /**
   * An end that has not come.
   *
   * @param onForgotten called once, when netty-socketio does not know it any more
   */
  ApplicationEnd(ServerContext context, ClientHead head, Runnable onForgotten) {
    this.context = context;
    this.head = head;
    this.onForgotten = onForgotten;
  }

  /**
   * The application sees the end of the session; what it sends later goes nowhere. The namespaces
   * end one after the other: what is sent in those that are still to end is sent as before. At the
   * first listener that throws, netty-socketio stops, and leaves the other namespaces joined: it is
   * asked again for these.
   */
  void come() {
    head.cancelPing();
    head.cancelPingTimeout();
    List<Namespace> joined = List.copyOf(head.getNamespaces());
    for (Namespace namespace : joined) {
      if (head.getNamespaces().size() > 1) {
        guarded(() -> end(namespace));
      }
    }
    for (int most = joined.size() + 1; most > 0; most--) {
      if (guarded(head::onChannelDisconnect)) {
        break;
      }
    }
    forget();
  }

  /** As netty-socketio ends one that its client leaves. */
  private void end(Namespace namespace) {
    SocketIOClient client = head.getChildClient(namespace);
    if (client != null) {
      head.removeNamespaceClient(head.getChildClient(namespace));
      namespace.onDisconnect(client);
    }
  }

  private boolean guarded(Runnable ending) {
    try {
      ending.run();
      return true;
    } catch (Throwable e) {
      LOG.warn("DRAIN-060 session {}: the application failed to end it", head.getSessionId(), e);
      return false;
    }
  }

  /** Takes it out of netty-socketio's tables. */
  void forget() {
    if (forgetsNow()) {
      context.forget(head);
      onForgotten.run();
    }
  }

  private synchronized boolean forgetsNow() {
    boolean now = !forgotten;
    forgotten = true;
    return now;
  }

  boolean forgotten() {
    return forgotten;
  }
}
