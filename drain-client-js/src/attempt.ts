import type { AppSocket } from './app-socket.js';
import { HELLO_MS } from './bounds.js';
import type { Connection } from './connection.js';
import { Failure, messageOf } from './failure.js';
import type { Pod } from './types.js';
import { isSamePod, UNKNOWN } from './wire.js';

/** The move, as an attempt needs it. */
export interface AttemptOf {
  /** The pod that is left. */
  readonly from: Pod;
  /** The namespaces that next must have. */
  joined(): AppSocket[];
  /** Next is connected in all of them, but for those that it refuses. */
  onConnected(next: Connection): void;
  /** Waits for the promise, but no longer than that. */
  wait(ms: number, promise: Promise<unknown>): Promise<unknown>;
}

/** Joins the namespaces on next, also those that the app joins meanwhile, and has it prepare each. */
export async function prepare(next: Connection, move: AttemptOf): Promise<true> {
  for (;;) {
    checkRefusals(next, move.joined());
    const fresh = move.joined().filter((socket) => next.lacks(socket));
    if (!fresh.length || next.dropped) return true;
    await Promise.all(fresh.map((socket) => next.connected(socket)));
    const admitted = fresh.filter((socket) => next.has(socket));
    if (!admitted.length) continue;
    move.onConnected(next);
    await move.wait(HELLO_MS, next.greeted.given);
    checkPod(next.hello, move.from);
    await Promise.all(admitted.map((socket) => makeReady(next, socket)));
  }
}

/** A refusal is an answer, and another attempt would get the same. */
export function checkRefusals({ refusals }: Connection, joined: AppSocket[]): void {
  const [first] = joined;
  if (first && joined.every((socket) => refusals.stands(socket))) {
    throw new Failure('refused', refusals.messageFor(first), true);
  }
}

function checkPod(hello: Pod, from: Pod): void {
  if (isSamePod(hello, from) && from !== UNKNOWN) {
    throw new Failure('boomerang', `${hello.pod} again`);
  }
}

async function makeReady(next: Connection, socket: AppSocket): Promise<void> {
  const inner = next.inners.get(socket)!;
  if (!inner.connected) return; // left already
  const left = new Promise((resolve) => inner.once('disconnect', resolve));
  next.prepared.add(socket);
  try {
    await Promise.race([socket.prepareOn(inner), left]);
  } catch (error) {
    if (!inner.connected) throw error;
    throw new Failure('ready', messageOf(error), true);
  }
}
