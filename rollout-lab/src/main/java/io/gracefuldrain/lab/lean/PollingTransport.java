package io.gracefuldrain.lab.lean;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.util.ArrayDeque;
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

  private final Bootstrap bootstrap;
  private final String host;
  private final String path;
  private final Listener listener;
  private final Queue<String> waiting = new ArrayDeque<>();
  private String session = "";
  private @Nullable Channel poll;
  private boolean posting;
  private boolean over;

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

  private void poll() {
    poll =
        OneRequest.send(
            bootstrap, host, HttpMethod.GET, path + session, "", this::polled, this::failed);
  }

  private void polled(String body) {
    for (String packet : body.split(SEPARATOR, -1)) {
      if (over) {
        return;
      }
      if (session.isEmpty() && packet.startsWith("0")) {
        var handshake = Json.read(packet.substring(1));
        session = handshake == null ? "" : "&sid=" + handshake.path("sid").asText();
      }
      listener.received(this, packet);
    }
    if (!over) {
      poll();
    }
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
