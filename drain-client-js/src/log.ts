import { safely } from './safely.js';

/** Tells what happens: one of a few words, and its details. */
export type Log = (what: string, details: object) => void;

/** What is logged also where the app gave no log: mistakes of a server. */
export const IGNORED = 'ignored';

interface Ignored {
  readonly event: string;
  readonly given: unknown;
  readonly expected: string;
}

export function logger(log: Log | undefined): Log {
  if (log) return (what, details) => safely(() => log(what, details));
  // Once for each kind: a server that says something wrong says it wrong again and again.
  const warned = new Set<string>();
  return (what, details) => {
    const { event, given, expected } = details as Ignored;
    if (what !== IGNORED || warned.has(event + expected)) return;
    warned.add(event + expected);
    console.warn(`drainAware: ${event}: ${JSON.stringify(given)} (expected: ${expected})`);
  };
}
