package io.gracefuldrain.benchmarks;

/** The part that an echo server runs besides netty-socketio. */
enum EchoKind {
  /** Nothing. */
  PLAIN,
  /** The adapter. */
  ATTACHED
}
