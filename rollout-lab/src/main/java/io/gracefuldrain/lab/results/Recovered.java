package io.gracefuldrain.lab.results;

import java.util.List;

/**
 * What a stock client with connection state recovery felt of it.
 *
 * @param sids the sessions that went on with an earlier one, by their Engine.IO ids
 * @param posted numbers that the client sent without asking for an acknowledgement: 1, 2, 3…
 * @param damaged messages whose attachment was missing, or was another one
 */
public record Recovered(List<String> sids, long posted, long damaged) {
  /** Of a client without recovery. */
  public static final Recovered NONE = new Recovered(List.of(), 0, 0);

  /** Keeps its list as it is now. */
  public Recovered {
    sids = sids == null ? List.of() : List.copyOf(sids);
  }
}
