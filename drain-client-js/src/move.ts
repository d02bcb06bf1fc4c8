import {
  ATTEMPTS,
  HELLO_MS,
  LANDED_AGAIN_MS,
  LANDED_MORE_MS,
  OVERLAP_MOST_MS,
  LOOK_AGAIN_MS,
} from './bounds.js';
import { within } from './clock.js';
import type { Front } from './client.js';
import { UNKNOWN, type Hint, type Link } from './connection.js';
import { messageOf } from './options.js';

/** One move, from the hint until the old connection is dropped. */
export interface Move {
  readonly old: Link;
  /** When the old connection was lost; 0: not yet. */
  cutAt: number;
  /**
   * Ends it, unless it has been done: the app goes on with the old connection, as a stock one.
   * Without a message, it is the app that has ended it, and need not be told.
   */
  fail(message?: string): void;
}

function failing(link: Link): Promise<never> {
  return link.lost.then((reason) => {
    throw reason;
  });
}

export function beginMove(front: Front, hint: Hint): Move {
  const { clock } = front.settings;
  const { reason, graceMs, until } = hint;
  const old = front.current;
  const from = old.hello;
  const begun = clock.now();
  let connectMs = 0;
  let attempts = ATTEMPTS;
  let stop: (error: unknown) => void;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => {}); // there may be nobody waiting

  /**
   * What takes one connection may be about to take the other: what is held stays so until that
   * would show, or it went out on one that has ended.
   */
  const soon = () => within(clock, LOOK_AGAIN_MS);
  const left = () => until - clock.now();
  const wait = (ms: number, ...first: Promise<any>[]) => within(clock, ms, stopped, ...first);

  const move: Move = {
    old,
    cutAt: 0,
    fail(message) {
      if (front.move !== move || front.current !== old) return;
      stop(message);
      front.move = undefined;
      front.dropNext();
      if (message != null) front.tell('drain:failed', { reason, message });
      front.act();
    },
  };

  const connect = async (): Promise<Link> => {
    for (;;) {
      try {
        const next = left() > 0 && front.openNext(hint);
        if (next && (await wait(left(), prepare(next), failing(next)))) return next;
        throw `not in ${graceMs} ms`;
      } catch (error) {
        const pause = 100 + Math.random() * 200;
        if (!--attempts || pause >= left() || front.move !== move) throw error;
        front.dropNext();
        await wait(pause);
      }
    }
  };

  /** Joins the namespaces, those too that are joined meanwhile, and has the app prepare each. */
  const prepare = async (next: Link): Promise<boolean> => {
    for (;;) {
      const fresh = front.joined().filter((socket) => !next.inners.get(socket)?.active);
      if (!fresh.length || next.dropped) return true;
      await Promise.all(fresh.map((socket) => next.up(socket)));
      connectMs = clock.now() - begun;
      await wait(HELLO_MS, next.greeted);
      const { pod, generation } = next.hello;
      if (pod === from.pod && generation === from.generation && from !== UNKNOWN) {
        throw `${pod} again`;
      }
      await Promise.all(
        fresh.map(async (socket) => {
          const inner = next.inners.get(socket);
          if (!inner.connected) return; // left already
          try {
            await Promise.race([
              socket.settings.ready(inner, { moving: true }),
              new Promise((resolve) => inner.once('disconnect', resolve)), // left
            ]);
          } catch (error) {
            if (inner.connected) attempts = 1; // another one would not mend that
            throw error;
          }
        }),
      );
    }
  };

  /** Holds emits, and has the old pod say that all it was sent before has been dispatched. */
  const land = async (next: Link): Promise<void> => {
    front.waiting ??= [];
    const body = { pod: next.hello.pod, connectMs };
    let answer!: () => void;
    const answered = new Promise<boolean>((resolve) => (answer = () => resolve(true)));
    const most = Math.max(0, left()) + (LANDED_MORE_MS - LANDED_AGAIN_MS);
    for (const ms of [LANDED_AGAIN_MS, most]) {
      const first = front.joined().find((socket) => old.inners.get(socket)?.connected);
      if (!first) return;
      old.inners.get(first).emit('drain:landed', body, answer);
      if (await wait(ms, failing(next), answered, old.lost.then(soon))) return;
    }
  };

  /** Listens to the old connection too; longer when an acknowledgement is yet to come by it. */
  const overlap = async (): Promise<void> => {
    const overlapMs = Math.max(0, ...front.joined().map(({ settings }) => settings.overlapMs));
    let over: unknown = move.cutAt || (await within(clock, overlapMs, old.lost));
    const most = clock.now() + OVERLAP_MOST_MS;
    const linger = async () => {
      // An acknowledgement that times out tells nobody, and so they are looked at.
      while (!over && old.asked.size && clock.now() < most) {
        over = await within(clock, LOOK_AGAIN_MS, old.lost);
      }
      front.drop(old);
    };
    void linger();
    // When the new pod must be left already, the old one is listened to beside that move.
    while (!old.dropped && !front.current.hint) await soon();
  };

  const run = async (): Promise<void> => {
    await null; // the namespace that brought the hint may be connecting just now
    if (front.move !== move) return;
    front.tell('drain:moving', { reason, graceMs, from });
    let next: Link;
    try {
      next = await connect();
      await land(next);
    } catch (error) {
      await soon();
      return move.fail(messageOf(error));
    }
    if (front.move !== move) return; // it has been ended in the very moment
    const { repeats } = front;
    const held = front.release(next);
    const tookMs = clock.now() - begun;
    await overlap();
    front.tell('drain:moved', {
      reason,
      from,
      to: next.hello,
      connectMs,
      tookMs,
      held,
      duplicates: front.repeats - repeats,
      downtimeMs: move.cutAt && Math.max(0, begun + connectMs - move.cutAt),
    });
    front.act();
  };
  void run();
  return move;
}
