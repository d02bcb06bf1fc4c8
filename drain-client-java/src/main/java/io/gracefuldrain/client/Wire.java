package io.gracefuldrain.client;

import java.util.List;

/** The names of the protocol, version 1. */
final class Wire {
  static final String PREFIX = "drain:";

  static final String HELLO = "drain:hello";
  static final String PLAN = "drain:plan";
  static final String RECONNECT = "drain:reconnect";
  static final String LANDED = "drain:landed";

  /** What servers say. */
  static final List<String> EVENTS = List.of(HELLO, PLAN, RECONNECT);

  private Wire() {}
}
