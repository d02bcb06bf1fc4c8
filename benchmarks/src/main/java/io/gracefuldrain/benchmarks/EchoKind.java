package io.gracefuldrain.benchmarks;

/** What an echo server runs besides netty-socketio. */
enum EchoKind {
  /** Nothing. */
  PLAIN,
  /** The adapter. */
  ATTACHED
}
