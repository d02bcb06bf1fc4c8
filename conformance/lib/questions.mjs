/** Events that want an acknowledgement, which the app has not answered. */
export class Questions {
  #open = [];

  /** Keeps an event whose last argument is a way to answer it. */
  add(ns, event, args) {
    const ack = args.at(-1);
    if (typeof ack === 'function') this.#open.push({ ns, event, ack });
  }

  /** Ways to answer that event; they are open no more. */
  take({ ns, event }) {
    const asked = (question) => question.ns === ns && question.event === event;
    const taken = this.#open.filter(asked);
    this.#open = this.#open.filter((question) => !asked(question));
    return taken.map(({ ack }) => ack);
  }

  clear() {
    this.#open = [];
  }
}
