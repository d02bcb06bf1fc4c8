import { LINGER_MOST_MS, LOOK_AGAIN_MS } from './bounds.js';
import { within, type Clock } from './clock.js';
import type { Connection } from './connection.js';

/**
 * Listens to the old connection for `overlapMs`, or until it is lost. After that it lingers while
 * the app waits for acknowledgements by it, and is dropped in the end. That is the inner promise.
 */
export async function overlap(
  clock: Clock,
  old: Connection,
  overlapMs: number,
  drop: () => void,
): Promise<{ readonly dropped: Promise<void> }> {
  const end = clock.now() + LINGER_MOST_MS;
  const lost = await within(clock, overlapMs, old.lost.given);
  return { dropped: linger(clock, old, !!lost, end).then(drop) };
}

async function linger(clock: Clock, old: Connection, lost: boolean, end: number): Promise<void> {
  while (!lost && old.asked.size && clock.now() < end) {
    lost = !!(await within(clock, LOOK_AGAIN_MS, old.lost.given));
  }
}
