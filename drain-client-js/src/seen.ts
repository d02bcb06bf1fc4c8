const MOST = 1024;

/** The last 1024 ids of a namespace. */
export class Seen {
  private readonly ids = new Set<unknown>();

  /** Whether it is new; an event without an id always is. */
  add(id: unknown): boolean {
    if (id == null) return true;
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > MOST) this.ids.delete(this.ids.values().next().value);
    return true;
  }
}
