/**
 * Counts the numbers that are missing from a stream, and those that came twice.
 *
 * A number is missing when a later one has come. It is missing "here" when both neighbours came by the same
 * connection. It is missing "away" when the connection changed in between: it was sent while the client was
 * not connected. A number that still comes is out of order instead of missing; a number that was there
 * already has come twice.
 */
export class Counts {
  received = 0;
  duplicates = 0;
  reordered = 0;
  missing = { here: 0, away: 0 };

  #last = null;
  #absent = new Map();
  #moved = false;

  /** The connection has changed: numbers missing before the next one were missed while away. */
  moved() {
    this.#moved = this.#last !== null;
  }

  /** Takes a number; says what it was and which numbers before it are missing. */
  take(n) {
    if (this.#last === null || n > this.#last) {
      const skipped = this.#last === null ? 0 : n - this.#last - 1;
      const where = this.#moved ? "away" : "here";
      this.missing[where] += skipped;
      for (let each = Math.max(n - skipped, n - Counts.MEMORY); each < n; each++) {
        this.#absent.set(each, where);
      }
      this.#forget(n);
      this.#last = n;
      this.#moved = false;
      this.received++;
      return { kind: "new", skipped, where };
    }
    const where = this.#absent.get(n);
    if (where !== undefined) {
      this.#absent.delete(n);
      this.missing[where]--;
      this.received++;
      this.reordered++;
      return { kind: "late", skipped: 0, where };
    }
    this.duplicates++;
    return { kind: "duplicate", skipped: 0 };
  }

  /** All that is missing. */
  get lost() {
    return this.missing.here + this.missing.away;
  }

  #forget(n) {
    for (const each of this.#absent.keys()) {
      if (each >= n - Counts.MEMORY) {
        break;
      }
      this.#absent.delete(each);
    }
  }
}

/** How far back a late number is recognised. */
Counts.MEMORY = 1000;
