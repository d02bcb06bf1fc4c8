// The bounds of a move, by the names of docs/protocol.md. Written out again here on purpose: the
// reference shares no code with the clients that are held against it.
export const ATTEMPTS_MOST = 3;
export const PAUSE_LEAST_MS = 100;
export const PAUSE_MOST_MS = 300;
export const HELLO_MS = 1000;
export const LANDED_AGAIN_MS = 500;
export const BEYOND_GRACE_MS = 1000;
export const BOTH_CUT_MS = 50;
export const CUT_HIDDEN_MS = 2000;
export const LINGER_MOST_MS = 60_000;
export const HELD_MOST = 10_000;
export const IDS_KEPT = 1024;
export const ID_KEPT_MS = 5000;
export const DURATION_MOST_MS = 3_600_000;

/** Longer than any scenario: what a client without a bound waits. No bound of the protocol. */
export const TOO_LONG_MS = 60_000;
