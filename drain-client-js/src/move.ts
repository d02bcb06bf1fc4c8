import { within } from './clock.js';
import type { Front } from './front.js';
import { UNKNOWN, type Hint, type Link } from './link.js';
import { messageOf } from './options.js';
import type { Pod } from './types.js';

const HELLO_MS = 1000;
const LANDED_AGAIN_MS = 500;
const LANDED_MORE_MS = 1000;
const OVERLAP_MOST_MS = 60_000;
const LOOK_AGAIN_MS = 50;

function failing(link: Link): Promise<never> {
  return link.lost.then((reason) => {
    throw new Error(reason);
  });
}

/** One move, from the hint until the old connection is dropped. */
export class Move {
  readonly old: Link;
  private readonly from: Pod;
  /** When the old connection was lost. */
  cutAt = 0;
  private readonly begun: number;
  private connectedAt = 0;
  private attempts = 3;
  private stop!: (error: unknown) => void;
  private readonly stopped = new Promise<never>((_, reject) => (this.stop = reject));

  constructor(
    private readonly front: Front,
    private readonly hint: Hint,
  ) {
    this.old = front.current;
    this.from = this.old.hello;
    this.begun = this.now();
    this.stopped.catch(() => {}); // there may be nobody waiting
  }

  private now(): number {
    return this.front.settings.clock.now();
  }

  private left(): number {
    return this.hint.until - this.now();
  }

  private wait(ms: number, ...first: Promise<any>[]): Promise<any> {
    return within(this.front.settings.clock, ms, this.stopped, ...first);
  }

  async run(): Promise<void> {
    const { front, from } = this;
    const { reason, graceMs } = this.hint;
    await null; // the namespace that brought the hint may be connecting just now
    front.tell('drain:moving', { reason, graceMs, from });
    let next: Link;
    try {
      next = await this.connect();
      await this.land(next);
    } catch (error) {
      return this.fail(error);
    }
    const { duplicates } = front;
    const held = front.release(next);
    const tookMs = this.now() - this.begun;
    await this.overlap();
    front.tell('drain:moved', {
      reason,
      from,
      to: next.hello,
      connectMs: this.connectedAt - this.begun,
      tookMs,
      held,
      duplicates: front.duplicates - duplicates,
      downtimeMs: this.cutAt && Math.max(0, this.connectedAt - this.cutAt),
    });
    front.act();
  }

  /** Ends it, unless it has been done: the app goes on with the old connection, as a stock one. */
  fail(error: unknown): void {
    const { front, hint } = this;
    if (front.move !== this || front.current !== this.old) return;
    this.stop(error);
    front.move = undefined;
    front.dropNext();
    front.tell('drain:failed', { reason: hint.reason, message: messageOf(error) });
    front.act();
  }

  cut(): void {
    this.cutAt ||= this.now();
  }

  private async connect(): Promise<Link> {
    for (;;) {
      try {
        const next = this.left() > 0 && this.front.openNext(this.hint);
        if (next && (await this.wait(this.left(), this.prepare(next), failing(next)))) return next;
        throw new Error(`not done in ${this.hint.graceMs} ms`);
      } catch (error) {
        const pause = 100 + Math.random() * 200;
        if (--this.attempts < 1 || pause >= this.left() || this.front.move !== this) throw error;
        this.front.dropNext();
        await this.wait(pause);
      }
    }
  }

  /** Joins the namespaces, those too that are joined meanwhile, and has the app prepare each. */
  private async prepare(next: Link): Promise<boolean> {
    const { front, from } = this;
    for (;;) {
      const fresh = front.joined().filter((socket) => !next.inners.has(socket));
      if (!fresh.length) return true;
      await Promise.all(fresh.map((socket) => next.up(socket)));
      this.connectedAt = this.now();
      await this.wait(HELLO_MS, next.greeted);
      const { hello } = next;
      if (hello !== UNKNOWN && hello.pod === from.pod && hello.generation === from.generation) {
        throw new Error(`${hello.pod} again`);
      }
      await Promise.all(
        fresh.map(async (socket) => {
          try {
            await socket.settings.ready(next.inners.get(socket), { moving: true });
          } catch (error) {
            this.attempts = 0; // another one would not mend that
            throw error;
          }
        }),
      );
    }
  }

  /** Holds emits, and has the old pod say that all it was sent before has been dispatched. */
  private async land(next: Link): Promise<void> {
    const { front, old } = this;
    front.held ??= [];
    const first = front.joined().find((socket) => old.connected(socket));
    if (!first) return;
    const body = { pod: next.hello.pod, connectMs: this.connectedAt - this.begun };
    let answer!: () => void;
    const answered = new Promise<boolean>((resolve) => (answer = () => resolve(true)));
    const most = Math.max(0, this.left()) + LANDED_MORE_MS - LANDED_AGAIN_MS;
    for (const ms of [LANDED_AGAIN_MS, most]) {
      old.inners.get(first).emit('drain:landed', body, answer);
      if (await this.wait(ms, answered, old.lost, failing(next))) return;
    }
  }

  /** Listens to the old connection too; longer when an acknowledgement is yet to come by it. */
  private async overlap(): Promise<void> {
    const { front, old } = this;
    const { lost } = old;
    const { clock } = front.settings;
    const overlapMs = Math.max(0, ...front.joined().map(({ settings }) => settings.overlapMs));
    const most = this.now() + overlapMs + OVERLAP_MOST_MS;
    let over: unknown = this.cutAt || (await within(clock, overlapMs, lost));
    const linger = async () => {
      // An acknowledgement that times out tells nobody, and so they are looked at.
      while (!over && old.pending().length && this.now() < most) {
        over = await within(clock, LOOK_AGAIN_MS, lost);
      }
      front.drop(old);
    };
    const gone = linger();
    // When the new pod must be left already, the old one is listened to beside that move.
    while (!old.dropped && !front.current.hint) await within(clock, LOOK_AGAIN_MS, gone);
  }
}
