// The bounds of a move, as in docs/protocol.md: each implementation uses these names.

/** Attempts of one move. */
export const ATTEMPTS_MOST = 3;
/** The random pause between two attempts. */
export const PAUSE_LEAST_MS = 100;
export const PAUSE_MOST_MS = 300;
/** How long next's hello is awaited after its first connect. */
export const HELLO_MS = 1000;
/** Landed is said again after this much without an answer. */
export const LANDED_AGAIN_MS = 500;
/** How long an unanswered landed is awaited beyond the grace. */
export const BEYOND_GRACE_MS = 1000;
/** How long the end of one connection waits for the end of the other to be seen. */
export const BOTH_CUT_MS = 50;
/** How long a cut stays hidden while next is not connected yet. */
export const CUT_HIDDEN_MS = 2000;
/** The default of `overlapMs`. */
export const OVERLAP_MS = 500;
/** The longest `overlapMs` that may be set. */
export const OVERLAP_MOST_MS = 60_000;
/** The longest an old connection is kept, from the release. */
export const LINGER_MOST_MS = 60_000;
/** Emits held at most. */
export const HELD_MOST = 10_000;
/** Ids remembered for de-duplication, in each namespace. */
export const IDS_KEPT = 1024;
/** How long an id is remembered outside of moves. */
export const ID_KEPT_MS = 5000;
/** The longest duration of a message that counts: a longer one counts as this. */
export const DURATION_MOST_MS = 3_600_000;
