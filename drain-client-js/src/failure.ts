import type { FailureCode } from './types.js';

/** Why a move, or an attempt of it, failed. */
export class Failure extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    /** Another attempt would not mend it. */
    readonly isFinal = false,
  ) {
    super(message);
  }
}

export function messageOf(error: unknown): string {
  return String((error as Error | undefined)?.message ?? error);
}
