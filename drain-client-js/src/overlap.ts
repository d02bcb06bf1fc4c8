import { LINGER_MOST_MS } from './bounds.js';
import { within, type Clock } from './clock.js';
import type { Connection } from './connection.js';

/** The old connection, as its overlap needs it. */
export type Overlapping = Pick<Connection, 'lost' | 'answered'>;

/**
 * Listens to the old connection for `overlapMs`, or until it is lost. After that it lingers while
 * the app waits for acknowledgements by it, and is dropped in the end. That is the inner promise.
 */
export async function overlap(
  clock: Clock,
  old: Overlapping,
  overlapMs: number,
  drop: () => void,
): Promise<{ readonly dropped: Promise<void> }> {
  const end = clock.now() + LINGER_MOST_MS;
  const lost: Promise<unknown> = old.lost.given;
  const isLost = !!(await within(clock, overlapMs, lost));
  const linger = async (): Promise<void> => {
    if (!isLost) await within(clock, Math.max(0, end - clock.now()), lost, old.answered());
    drop();
  };
  return { dropped: linger() };
}
