package io.gracefuldrain.benchmarks;

/** What an echo server has besides netty-socketio. */
enum EchoKind {
  /** Nothing. */
  PLAIN,
  /** The adapter. */
  ATTACHED
}
