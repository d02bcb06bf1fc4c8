import { IDS_KEPT, ID_KEPT_MS } from './bounds.mjs';
import { has, now } from './time.mjs';

/** What the connections of one namespace have brought, to know copies. */
export class Seen {
  #records = new Map(); // since when a key is known, and how often each connection has brought it

  /** Counts an event; whether it is a copy of one that another connection has brought. */
  isCopy(key, connection, moving) {
    const known = this.#records.get(key);
    const fresh = !known || (!moving && isOld(known));
    const record = fresh ? { since: now(), counts: new Map() } : known;
    const { counts } = record;
    const own = counts.get(connection) ?? 0;
    const most = has('counts') ? own : 0;
    const more = [...counts].some(([other, many]) => other !== connection && many > most);
    const copy = has('other connection') ? more : counts.size > 0;
    counts.set(connection, own + 1);
    this.#records.delete(key);
    this.#records.set(key, record);
    if (this.#records.size > IDS_KEPT) this.#records.delete(this.#records.keys().next().value);
    return copy;
  }

  /** A move begins: what came long before it has no copies. */
  forgetOld() {
    for (const [key, record] of this.#records) if (isOld(record)) this.#records.delete(key);
  }

  clear() {
    this.#records.clear();
  }
}

const isOld = ({ since }) => has('forgets') && now() - since >= ID_KEPT_MS;
