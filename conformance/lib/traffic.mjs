/**
 * Numbered events in both directions while a scenario plays. All pods send the same feed, as they
 * would from one source: event n has the same id on each of them.
 */
export class Traffic {
  #log;
  #agent;
  #pods;
  #namespaces;
  #lasting;
  #sent = {};
  #fed = 0;
  #ids = true;
  #bytes = false;
  #upTimer;
  #feedTimer;

  /** The lasting namespaces are those in which the client is connected until the end. */
  constructor(log, agent, pods, namespaces, lasting) {
    this.#log = log;
    this.#agent = agent;
    this.#pods = pods;
    this.#namespaces = namespaces;
    this.#lasting = lasting;
    for (const ns of namespaces) this.#sent[ns] = 0;
  }

  start({ feedMs = 10, upMs = 10, ids = true, bytes = false } = {}) {
    this.#ids = ids;
    this.#bytes = bytes;
    if (feedMs) this.#feedTimer = setInterval(() => this.#feed(), feedMs);
    if (upMs) this.#upTimer = setInterval(() => this.burst(1), upMs);
  }

  #feed() {
    const n = ++this.#fed;
    const args = this.#args({ n, ...(this.#ids ? { drainId: `feed-${n}` } : {}) });
    for (const pod of Object.values(this.#pods)) pod.feed(args);
  }

  /** The app emits so many uploads, in each namespace; it may reuse what it has emitted. */
  burst(many, reuse) {
    for (let sent = 0; sent < many; sent++) {
      for (const ns of this.#namespaces) {
        const n = ++this.#sent[ns];
        const id = upId(ns, n);
        const args = this.#args({ n });
        this.#agent.send({ do: 'emit', ns, event: 'up', args, ack: true, id, reuse });
      }
    }
  }

  #args(data) {
    const [bytes] = this.#bytes ? carried(data.n) : [];
    return bytes ? [{ ...data, bytes }, bytes] : [data];
  }

  stopUps() {
    clearInterval(this.#upTimer);
  }

  /** Ends the feed with one last event, so that each client that is connected gets a last one. */
  stopFeed() {
    clearInterval(this.#feedTimer);
    this.#feed();
  }

  close() {
    clearInterval(this.#upTimer);
    clearInterval(this.#feedTimer);
  }

  /** How many uploads were emitted in a namespace: they are numbered from 1. */
  sent(ns) {
    return this.#sent[ns];
  }

  /** The number of the last event of the feed. */
  fed() {
    return this.#fed;
  }

  namespaces() {
    return this.#namespaces;
  }

  lasting() {
    return this.#lasting;
  }

  bytes() {
    return this.#bytes;
  }

  unanswered() {
    const answered = new Set(this.#log.all('acked').map((entry) => entry.id));
    let open = 0;
    for (const ns of this.#lasting) {
      for (let n = 1; n <= this.#sent[ns]; n++) if (!answered.has(upId(ns, n))) open++;
    }
    return open;
  }

  feedHasCome() {
    return this.#lasting.every((ns) => {
      const last = this.#log.all('app', { ns, event: 'feed' }).at(-1);
      return last?.args[0]?.n === this.#fed;
    });
  }
}

/** The bytes that event n carries, twice, where the traffic has bytes: every other one has none. */
export function carried(n) {
  return n % 2 ? [] : [Buffer.from([n & 255, n >> 8, 0, 10, 255])];
}

export function upId(ns, n) {
  return `up ${ns} ${n}`;
}
