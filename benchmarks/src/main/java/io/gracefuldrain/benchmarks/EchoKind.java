package io.gracefuldrain.benchmarks;

/** The part that an echo server runs besides netty-socketio. */
enum EchoKind {
  /** Nothing. */
  PLAIN,
  /** The adapter. */
  ATTACHED,
  /** The adapter, with a key: sessions may be handed over. */
  KEYED
}
