import { within } from './clock.js';
import type { Front } from './front.js';
import type { Hint, Link } from './link.js';
import type { Moved, Pod } from './types.js';

const ATTEMPTS = 3;
const HELLO_MS = 1000;
const LANDED_AGAIN_MS = 500;
const LANDED_MORE_MS = 1000;
const OVERLAP_MOST_MS = 60_000;
const UNKNOWN: Pod = { pod: 'unknown', generation: 'unknown' };

/** An error that another attempt would not mend. */
class Final extends Error {}

/** One move, from the hint until the old connection is dropped. */
export class Move {
  released = false;
  /** When the old connection was lost. */
  cutAt: number | undefined;
  private readonly begun = this.now();
  private readonly old = this.front.current;
  private readonly from = this.old.hello ?? UNKNOWN;
  private connectedAt = 0;
  private over = false;
  private stop!: (error: Error) => void;
  private readonly stopped = new Promise<never>((_, reject) => (this.stop = reject));

  constructor(
    private readonly front: Front,
    private readonly hint: Hint,
  ) {
    this.stopped.catch(() => {}); // there may be nobody waiting
  }

  private get clock() {
    return this.front.settings.clock;
  }

  private now(): number {
    return this.clock.now();
  }

  private left(): number {
    return this.hint.until - this.now();
  }

  private wait(ms: number, ...until: Promise<unknown>[]): Promise<unknown> {
    return within(this.clock, ms, Promise.race([this.stopped, ...until]));
  }

  async run(): Promise<void> {
    const { front, hint, from } = this;
    const { reason, graceMs } = hint;
    await null; // the namespace that brought the hint may be connecting just now
    front.tell('drain:moving', { reason, graceMs, from });
    let next: Link;
    try {
      next = await this.connect();
      await this.land(next);
    } catch (error: any) {
      this.fail(error);
      return;
    }
    this.released = true;
    const { duplicates } = front;
    const held = front.release(next);
    const tookMs = this.now() - this.begun;
    await this.overlap();
    const moved: Moved = {
      reason,
      from,
      to: next.hello ?? UNKNOWN,
      connectMs: Math.round(this.connectedAt - this.begun),
      tookMs: Math.round(tookMs),
      held,
      duplicates: front.duplicates - duplicates,
      downtimeMs: Math.round(Math.max(0, this.connectedAt - (this.cutAt ?? Infinity))),
    };
    front.tell('drain:moved', moved);
    front.over();
  }

  /** Ends it: the app goes on with the old connection, and a stock client's ways. */
  fail({ message }: Error): void {
    if (this.over || this.released) return;
    this.over = true;
    this.stop(new Final(message));
    this.front.dropNext();
    this.front.tell('drain:failed', { reason: this.hint.reason, message });
    this.front.over();
  }

  cut(): void {
    this.cutAt ??= this.now();
  }

  private async connect(): Promise<Link> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt();
      } catch (error) {
        if (error instanceof Final || attempt === ATTEMPTS) throw error;
        this.front.dropNext();
        const pause = 100 + Math.random() * 200;
        if (pause >= this.left()) throw error;
        await this.wait(pause);
      }
    }
  }

  private async attempt(): Promise<Link> {
    const left = this.left();
    const next = left > 0 && this.front.openNext(this.hint);
    const up = next && (await this.wait(left, this.prepare(next), failing(next)));
    if (!up) throw new Final(`not done within graceMs ${this.hint.graceMs}`);
    return next;
  }

  /** Joins the namespaces, those too that are joined meanwhile, and has the app prepare each. */
  private async prepare(next: Link): Promise<boolean> {
    for (;;) {
      const fresh = this.front.joined().filter((socket) => !next.sockets.has(socket));
      if (!fresh.length) return true;
      await Promise.all(fresh.map((socket) => next.up(socket)));
      this.connectedAt ||= this.now();
      await within(this.clock, HELLO_MS, next.greeted);
      const { pod, generation } = next.hello ?? UNKNOWN;
      if (next.hello && pod === this.from.pod && generation === this.from.generation) {
        throw new Error(`${pod} again`);
      }
      if (next.dropped) throw new Error('dropped');
      await Promise.all(
        fresh.map(async (socket) => {
          try {
            if (socket.active)
              await socket.settings.ready(next.sockets.get(socket), { moving: true });
          } catch (error: any) {
            throw new Final(`ready: ${error?.message ?? error}`);
          }
        }),
      );
    }
  }

  /** Holds emits, and has the old pod say that all it was sent before has been dispatched. */
  private async land(next: Link): Promise<void> {
    const { front, old, clock } = this;
    front.holding = true;
    const first = front.joined().find((socket) => old.connected(socket));
    if (!first) return;
    const body = {
      pod: (next.hello ?? UNKNOWN).pod,
      connectMs: Math.round(this.connectedAt - this.begun),
    };
    let again: unknown;
    const answered = new Promise((resolve) => {
      const say = () => old.sockets.get(first).emit('drain:landed', body, resolve);
      say();
      again = clock.setTimeout(say, LANDED_AGAIN_MS);
    });
    const most = Math.max(0, this.left()) + LANDED_MORE_MS;
    await this.wait(most, answered, old.lost, failing(next)).finally(() =>
      clock.clearTimeout(again),
    );
  }

  private async overlap(): Promise<void> {
    const { front, old, clock } = this;
    const overlapMs = Math.max(...front.joined().map(({ settings }) => settings.overlapMs), 0);
    if (this.cutAt === undefined) {
      await within(clock, overlapMs, old.lost);
      const idle = new Promise<void>((resolve) => {
        if (old.pending.size) old.onIdle = resolve;
        else resolve();
      });
      const unhinted = new Promise<void>((resolve) => {
        if (front.current.hint) resolve();
        front.onHint = resolve;
      });
      // When the new pod must be left already, the old one is listened to beside that move.
      const dropping = within(clock, OVERLAP_MOST_MS, Promise.race([idle, old.lost])).then(() =>
        front.drop(old),
      );
      await Promise.race([dropping, unhinted]);
    } else {
      front.drop(old);
    }
  }
}

function failing(link: Link): Promise<never> {
  return link.lost.then((reason) => {
    throw new Error(reason);
  });
}
