// The events of one scenario, in their order.

const LOOK_MS = 20;

export class Log {
  #entries = [];
  #byKind = new Map();
  #waiters = new Set();
  #told = false;
  #began = performance.now();
  #looked = performance.now();
  #watch = setInterval(() => this.#look(), LOOK_MS).unref();
  #heldUp = 0;

  /** Notes something; `what` says what, the rest is told with it. */
  add(what, more = {}) {
    const entry = { seq: this.#entries.length, at: this.now(), what, ...more };
    this.#entries.push(entry);
    if (!this.#byKind.has(what)) this.#byKind.set(what, []);
    this.#byKind.get(what).push(entry);
    this.#tell();
    return entry;
  }

  /** A waiter looks once for all events of one turn of the event loop. */
  #tell() {
    if (this.#told) return;
    this.#told = true;
    setImmediate(() => {
      this.#told = false;
      for (const waiter of [...this.#waiters]) waiter();
    });
  }

  #look() {
    const now = performance.now();
    this.#heldUp = Math.max(this.#heldUp, now - this.#looked - LOOK_MS);
    this.#looked = now;
  }

  /** For how many milliseconds this process got no turn, at the worst, until now. */
  heldUp() {
    this.#look();
    return Math.round(this.#heldUp);
  }

  close() {
    clearInterval(this.#watch);
  }

  /** Milliseconds since the scenario began. */
  now() {
    return performance.now() - this.#began;
  }

  /** All entries of that kind whose fields are as given. */
  all(what, fields = {}) {
    const wanted = Object.entries(fields);
    return (this.#byKind.get(what) ?? []).filter((entry) =>
      wanted.every(([name, value]) => entry[name] === value),
    );
  }

  entries() {
    return this.#entries;
  }

  /** Waits, as long as it says, until the log shows something; a function that says what. */
  until(described, holds, withinMs) {
    return new Promise((resolve, reject) => {
      const check = () => {
        try {
          if (!holds()) return;
          resolve();
        } catch (error) {
          reject(error);
        }
        clearTimeout(bound);
        this.#waiters.delete(check);
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
