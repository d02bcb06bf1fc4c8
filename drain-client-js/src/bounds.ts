// The bounds of a move, as in docs/protocol.md. In a file without imports, they are inlined.

export const ATTEMPTS = 3;
export const HELLO_MS = 1000;
export const LANDED_AGAIN_MS = 500;
export const LANDED_MORE_MS = 1000;
export const OVERLAP_MOST_MS = 60_000;
export const LOOK_AGAIN_MS = 50;
