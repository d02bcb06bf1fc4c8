package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.bootstrap.Bootstrap;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Engine.IO as the stock client does it by default: it begins over HTTP and changes to a WebSocket
 * when a probe has come back over that. If the WebSocket fails, it stays as it is.
 */
final class UpgradeTransport implements Transport, Transport.Listener {
  private final Bootstrap bootstrap;
  private final URI url;
  private final String query;
  private final Listener listener;
  private final PollingTransport polling;
  private @Nullable WebSocketTransport webSocket;
  // From the answer to the probe until the polls have ended.
  private boolean changing;
  private boolean upgraded;
  private boolean over;
  private final Queue<Runnable> held = new ArrayDeque<>();

  UpgradeTransport(Bootstrap bootstrap, URI url, String query, Listener listener) {
    this.bootstrap = bootstrap;
    this.url = url;
    this.query = query;
    this.listener = listener;
    this.polling = new PollingTransport(bootstrap, url, query, this);
  }

  @Override
  public void open() {
    polling.open();
  }

  private Transport current() {
    return upgraded && webSocket != null ? webSocket : polling;
  }

  @Override
  public void send(String packet) {
    send(() -> current().send(packet));
  }

  @Override
  public void send(byte[] attachment) {
    send(() -> current().send(attachment));
  }

  private void send(Runnable sending) {
    if (changing) {
      held.add(sending);
    } else {
      sending.run();
    }
  }

  // ---------------------------------------------------------------- what comes

  @Override
  public void received(Transport from, String packet) {
    if (from == webSocket && !upgraded) {
      if (packet.equals("3probe")) {
        changing = true;
        polling.pause(this::change);
      }
      return;
    }
    listener.received(this, packet);
    if (!over && webSocket == null && from == polling && packet.startsWith("0")) {
      probe(packet.substring(1));
    }
  }

  @Override
  public void received(Transport from, byte[] attachment) {
    if (from == current()) {
      listener.received(this, attachment);
    }
  }

  private void probe(String handshake) {
    JsonNode json = Json.read(handshake);
    if (json == null || !json.path("upgrades").toString().contains("\"websocket\"")) {
      return;
    }
    WebSocketTransport probing =
        new WebSocketTransport(bootstrap, url, query + "&sid=" + json.path("sid").asText(), this);
    webSocket = probing;
    probing.opened(() -> probing.send("2probe"));
    probing.open();
  }

  private void change() {
    if (over || webSocket == null) {
      return;
    }
    upgraded = true;
    changing = false;
    webSocket.send("5");
    held.forEach(Runnable::run);
    held.clear();
  }

  @Override
  public void ended(Transport from, String reason) {
    if (over) {
      return;
    }
    if (from == current() || changing) {
      close();
      listener.ended(this, reason);
    } // otherwise the probe has failed
  }

  @Override
  public void close() {
    over = true;
    if (webSocket != null) {
      webSocket.close();
    }
    if (!upgraded) {
      polling.close();
    }
  }
}
