package io.gracefuldrain.lab.lean;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A transport that records packets, and says whatever the test orders. */
final class FakeTransport implements Transport {
  final String query;
  final List<String> sent = new ArrayList<>();
  boolean opened;
  boolean closed;
  private final Listener listener;

  FakeTransport(String query, Listener listener) {
    this.query = query;
    this.listener = listener;
  }

  @Override
  public void open() {
    opened = true;
  }

  @Override
  public void send(String packet) {
    sent.add(packet);
  }

  @Override
  public void send(byte[] attachment) {
    sent.add("bytes " + HexFormat.of().formatHex(attachment));
  }

  @Override
  public void close() {
    closed = true;
  }

  void says(String packet) {
    listener.received(this, packet);
  }

  void says(byte[] attachment) {
    listener.received(this, attachment);
  }

  void ends(String reason) {
    listener.ended(this, reason);
  }

  /** Admits the client, up to its Socket.IO connection. */
  void admits(String sid) {
    says(
        "0{\"sid\":\"%s\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000}"
            .formatted(sid));
    says("40{\"sid\":\"" + sid + "\"}");
  }
}
