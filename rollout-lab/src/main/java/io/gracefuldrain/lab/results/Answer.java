package io.gracefuldrain.lab.results;

/**
 * How long a client waited for the answer to a CONNECT. Only lean clients say so.
 *
 * @param ms from the CONNECT to its answer, in milliseconds
 */
public record Answer(Kind kind, double ms) {
  /** What the CONNECT asked for, and what came of it. */
  public enum Kind {
    /** The client's first one. */
    FIRST,
    /** It has come again, without anything of an earlier session. */
    AGAIN,
    /** It goes on with an earlier session. */
    RECOVERED,
    /** It has asked for an earlier session, and begins anew. */
    ANEW
  }
}
