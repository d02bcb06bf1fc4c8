import type { AppSocket } from './app-socket.js';
import { HELLO_MS } from './bounds.js';
import type { Connection } from './connection.js';
import { messageOf } from './options.js';
import type { Pod } from './types.js';
import { UNKNOWN } from './wire.js';

/** The app's `ready` has failed. Another attempt would not mend that. */
export class NotReady extends Error {}

/** The move, as an attempt needs it. */
export interface AttemptOf {
  /** The pod that is left. */
  readonly from: Pod;
  /** The namespaces that next must have. */
  joined(): AppSocket[];
  /** Next is connected in all of them. */
  onConnected(next: Connection): void;
  /** Waits for the promise, but no longer than that. */
  wait(ms: number, promise: Promise<unknown>): Promise<unknown>;
}

/** Joins the namespaces on next, also those that the app joins meanwhile, and has it prepare each. */
export async function prepare(next: Connection, move: AttemptOf): Promise<true> {
  for (;;) {
    const fresh = move.joined().filter((socket) => !next.inners.get(socket)?.active);
    if (!fresh.length || next.dropped) return true;
    await Promise.all(fresh.map((socket) => next.connected(socket)));
    move.onConnected(next);
    await move.wait(HELLO_MS, next.greeted.given);
    checkPod(next.hello, move.from);
    await Promise.all(fresh.map((socket) => makeReady(next, socket)));
  }
}

function checkPod({ pod, generation }: Pod, from: Pod): void {
  const isSame = pod === from.pod && generation === from.generation;
  if (isSame && from !== UNKNOWN) throw new Error(`${pod} again`);
}

async function makeReady(next: Connection, socket: AppSocket): Promise<void> {
  const inner = next.inners.get(socket)!;
  if (!inner.connected) return; // left already
  const left = new Promise((resolve) => inner.once('disconnect', resolve));
  try {
    await Promise.race([socket.settings.ready(inner, { moving: true }), left]);
  } catch (error) {
    throw inner.connected ? new NotReady(messageOf(error)) : error;
  }
}
