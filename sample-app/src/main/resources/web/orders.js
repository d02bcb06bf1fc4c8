/** How long an order may take before it is given up, in milliseconds. */
const PATIENCE = 30_000;

const DRAINING = new Set(["UNREADY", "MOVING", "SETTLING", "FORCING", "DRAINED"]);

/** Orders that this page has placed, and the fate of each. */
export class Orders {
  #all = new Map();
  #count = 0;
  #emit;
  #changed;

  /**
   * @param emit sends an event with a payload and calls back with (error, answer)
   * @param changed is called with an order whenever the order changes
   */
  constructor(emit, changed) {
    this.#emit = emit;
    this.#changed = changed;
  }

  /** Places an order; `pod` and `phase` are the current ones, and `pod` is null while there is none. */
  place(pod, phase) {
    this.#count++;
    const id = `${this.#count}-${Math.random().toString(36).slice(2, 8)}`;
    const order = { id, number: this.#count, state: "working", percent: 0, pod, draining: DRAINING.has(phase) };
    this.#all.set(id, order);
    this.#emit("order", { id }, PATIENCE, (error, answer) => this.#ended(order, error, answer));
    this.#changed(order);
  }

  /** The pod says how far an order is. */
  progress({ id, percent, pod }) {
    const order = this.#all.get(id);
    if (order && order.state === "working") {
      order.percent = percent;
      order.pod = pod;
      this.#changed(order);
    }
  }

  /** The pod's phase has changed. */
  phase(phase) {
    for (const order of this.#all.values()) {
      if (order.state === "working" && !order.draining && DRAINING.has(phase)) {
        order.draining = true;
        this.#changed(order);
      }
    }
  }

  #ended(order, error, answer) {
    if (error) {
      order.state = "lost";
      order.reason = error.message;
    } else if (answer.error) {
      order.state = "refused";
      order.reason = answer.error;
    } else {
      order.state = "done";
      order.percent = 100;
      order.pod = answer.pod;
      order.tookMs = answer.tookMs;
    }
    this.#changed(order);
  }
}
