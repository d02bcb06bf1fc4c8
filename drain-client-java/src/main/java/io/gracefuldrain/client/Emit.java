package io.gracefuldrain.client;

import org.jspecify.annotations.Nullable;

/** An event that the application emits. */
final class Emit {
  private final AwareSocket socket;
  private final String event;
  private final Object[] args;
  private final @Nullable Reply reply;

  Emit(AwareSocket socket, String event, Object[] args, @Nullable Reply reply) {
    this.socket = socket;
    this.event = event;
    this.args = args;
    this.reply = reply;
  }

  /** The same with arguments that the application can no longer change. */
  Emit frozen() {
    return new Emit(socket, event, Copies.of(args), reply);
  }

  AwareSocket socket() {
    return socket;
  }

  String event() {
    return event;
  }

  Object[] args() {
    return args;
  }

  @Nullable Reply reply() {
    return reply;
  }
}
