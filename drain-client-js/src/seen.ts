import { IDS_KEPT } from './bounds.js';

/** The ids of the last events of one namespace. */
export class SeenIds {
  readonly ids = new Set<unknown>();

  /** Remembers the id of an event. Whether it is new: one without an id (null, undefined) always is. */
  isNew(id: unknown): boolean {
    if (id === undefined || id === null) return true;
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > IDS_KEPT) this.ids.delete(this.ids.values().next().value);
    return true;
  }
}
