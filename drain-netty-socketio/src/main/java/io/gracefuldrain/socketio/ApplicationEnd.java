package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
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
   * The application sees the end of the session; what it sends later goes nowhere. netty-socketio
   * stops at the first listener that throws, and leaves the other namespaces joined: it is asked
   * again for these.
   */
  void come() {
    for (int most = head.getNamespaces().size() + 1; most > 0; most--) {
      try {
        head.onChannelDisconnect();
        break;
      } catch (Throwable e) {
        LOG.warn("DRAIN-060 session {}: the application failed to end it", head.getSessionId(), e);
      }
    }
    forget();
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
