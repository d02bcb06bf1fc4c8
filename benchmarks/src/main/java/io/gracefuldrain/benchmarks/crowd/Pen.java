package io.gracefuldrain.benchmarks.crowd;

/**
 * How a way is drawn; its colour has contrast enough on white and on black.
 *
 * @param dashes their lengths, or {@code none}
 */
record Pen(String colour, String dashes) {
  /** What the clients' back-off allows. */
  static final Pen FLOOR = new Pen("#808890", "2 4");

  static Pen of(Way way) {
    return switch (way) {
      case OURS -> new Pen("#2f81f7", "none");
      case NATS -> new Pen("#c2702a", "none");
      case PHOENIX -> new Pen("#d1444b", "none");
      case HAPROXY -> new Pen("#2d9a4e", "none");
      case STOP -> new Pen("#9a62d6", "6 3");
      case SLEEP -> new Pen("#c24f9c", "6 3");
      case KILL -> new Pen("#8a7a1f", "6 3");
    };
  }
}
