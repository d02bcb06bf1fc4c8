package io.gracefuldrain.lab.lean;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Engine.IO over HTTP: a GET waits for packets, and POSTs send them, one at a time. Each request
 * has its own connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
final class PollingTransport implements Transport {
  /** Between two packets of one body. */
  private static final String SEPARATOR = "\u001e";

  private static final String ATTACHMENT = "b";

  private final Bootstrap bootstrap;
  private final String host;
  private final String path;
  private final Listener listener;
  private final Queue<String> waiting = new ArrayDeque<>();
  private String session = "";
  private @Nullable Channel poll;
  private boolean posting;
  private boolean polling;
  private boolean over;
  // What to do once there is no request; there are no polls any more.
  private @Nullable Runnable paused;
  private boolean idle;

  PollingTransport(Bootstrap bootstrap, URI url, String query, Listener listener) {
    this.bootstrap = bootstrap;
    this.host = url.getRawAuthority();
    this.path = "/socket.io/?EIO=4&transport=polling&" + query;
    this.listener = listener;
  }

  @Override
  public void open() {
    poll();
  }

  /** Does not poll again, and says when the last request has been answered. */
  void pause(Runnable then) {
    paused = then;
    checkPaused();
  }

  private void checkPaused() {
    if (paused != null && !idle && !polling && !posting && !over) {
      idle = true;
      paused.run();
    }
  }

  private void poll() {
    if (paused != null) {
      checkPaused();
      return;
    }
    polling = true;
    poll =
        OneRequest.send(
            bootstrap, host, HttpMethod.GET, path + session, "", this::polled, this::failed);
  }

  private void polled(String body) {
    polling = false;
    for (String packet : body.split(SEPARATOR, -1)) {
      if (over) {
        return;
      }
      if (session.isEmpty() && packet.startsWith("0")) {
        var handshake = Json.read(packet.substring(1));
        session = handshake == null ? "" : "&sid=" + handshake.path("sid").asText();
      }
      if (packet.startsWith(ATTACHMENT)) {
        attached(packet.substring(ATTACHMENT.length()));
      } else {
        listener.received(this, packet);
      }
    }
    if (!over) {
      poll();
    }
  }

  private void attached(String base64) {
    try {
      listener.received(this, Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      failed(); // as the stock client, which ends a connection that it cannot read
    }
  }

  @Override
  public void send(byte[] attachment) {
    send(ATTACHMENT + Base64.getEncoder().encodeToString(attachment));
  }

  @Override
  public void send(String packet) {
    waiting.add(packet);
    post();
  }

  private void post() {
    if (posting || waiting.isEmpty()) {
      return;
    }
    posting = true;
    String body = String.join(SEPARATOR, waiting);
    waiting.clear();
    OneRequest.send(
        bootstrap,
        host,
        HttpMethod.POST,
        path + session,
        body,
        answer -> {
          posting = false;
          post();
          checkPaused();
        },
        this::failed);
  }

  private void failed() {
    if (!over) {
      over = true;
      listener.ended(this, "transport error");
    }
  }

  @Override
  public void close() {
    boolean goodbye = !over && !session.isEmpty();
    over = true;
    if (goodbye) {
      send("1");
    }
    if (poll != null) {
      poll.close();
    }
  }
}
