package io.gracefuldrain;

/** How a connection ended, as its transport saw it. */
public enum Departure {
  /** The client said goodbye: a close frame, a disconnect packet. */
  GOODBYE,
  /** The transport ended without a goodbye: a reset, a timeout. */
  SILENT
}
