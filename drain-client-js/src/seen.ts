import { ID_KEPT_MS, IDS_KEPT } from './bounds.js';

/** Since when an event is known, and how often each connection, by its number, has brought it. */
interface Known {
  readonly since: number;
  readonly counts: Map<number, number>;
}

/** The ids of the last events of one namespace. */
export class SeenIds {
  private readonly events = new Map<string, Known>();

  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.events.size;
  }

  /**
   * Counts the event. Whether it is new: not if another connection has brought it more often than
   * this one has. One without an id always is.
   */
  isNew(event: string, id: unknown, connection: number, isMoving: boolean): boolean {
    if (!/string|number|bigint/.test(typeof id)) return true;
    const { events } = this;
    const key = `${event.length} ${event}${String(id)}`;
    let known = events.get(key);
    if (!known || (!isMoving && this.isOld(known)))
      known = { since: this.now(), counts: new Map() };
    const { counts } = known;
    events.delete(key); // so that it becomes the latest
    events.set(key, known);
    if (events.size > IDS_KEPT) events.delete(events.keys().next().value!);
    const own = counts.get(connection) || 0;
    counts.set(connection, own + 1);
    let isNew = true;
    counts.forEach((times, other) => {
      if (other !== connection && times > own) isNew = false;
    });
    return isNew;
  }

  /** A move begins: what came long before it has no copies. */
  forgetOld(): void {
    this.events.forEach((known, key) => {
      if (this.isOld(known)) this.events.delete(key);
    });
  }

  /** After a reconnect, what a server sends again is meant to come. */
  forgetAll(): void {
    this.events.clear();
  }

  private isOld({ since }: Known): boolean {
    return this.now() - since >= ID_KEPT_MS;
  }
}
