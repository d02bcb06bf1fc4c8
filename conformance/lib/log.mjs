// What happened in one scenario, in the order in which it happened.

export class Log {
  #entries = [];
  #waiters = new Set();
  #began = performance.now();

  /** Notes something; `what` says what, the rest is told with it. */
  add(what, more = {}) {
    const entry = { seq: this.#entries.length, at: this.now(), what, ...more };
    this.#entries.push(entry);
    for (const waiter of [...this.#waiters]) waiter();
    return entry;
  }

  /** Milliseconds since the scenario began. */
  now() {
    return performance.now() - this.#began;
  }

  /** All entries of that kind whose fields are as given. */
  all(what, fields = {}) {
    const wanted = Object.entries(fields);
    return this.#entries.filter(
      (entry) => entry.what === what && wanted.every(([name, value]) => entry[name] === value),
    );
  }

  entries() {
    return this.#entries;
  }

  /** Waits, as long as it says, until the log shows something; a function that says what. */
  until(described, holds, withinMs) {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!holds()) return;
        clearTimeout(bound);
        this.#waiters.delete(check);
        resolve();
      };
      const bound = setTimeout(() => {
        this.#waiters.delete(check);
        reject(new Error(`${described}: not within ${withinMs} ms`));
      }, withinMs);
      this.#waiters.add(check);
      check();
    });
  }
}
