package io.gracefuldrain;

/**
 * How a WebSocket ends that is let go. Either way all that is queued is delivered first, and the
 * channel is read on until the client closes its side.
 */
public enum Goodbye {
  /**
   * By the end of the stream alone, a FIN: what most clients see when a server dies. Some clients
   * do not look for it, such as Starscream on iOS in older versions: they find out by the missing
   * ping.
   */
  FIN,
  /**
   * By a Close frame, 1001, and the FIN behind it. Some clients wait for their application when one
   * comes, such as the Java Socket.IO client: they find out by the missing ping.
   */
  CLOSE
}
