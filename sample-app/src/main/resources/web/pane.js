/** Half of the page: one client, and what it feels. */

import { Chart } from "./chart.js";
import { Client } from "./client.js";
import { PHASES, clock, count, hue, make, ms, prepend, say, tag } from "./view.js";

export class Pane {
  client;
  #root;
  #is = {};
  #title;
  #chart;
  #skew = 0;
  #listeners;

  /**
   * @param where the pane's parent element
   * @param listeners are told lines of the chat and notes
   */
  constructor(where, { kind, title, about, open }, listeners = {}) {
    const pane = document.getElementById("pane").content.firstElementChild.cloneNode(true);
    for (const each of pane.querySelectorAll("[data-is]")) {
      this.#is[each.dataset.is] = each;
    }
    this.#root = pane;
    this.#title = title;
    this.#listeners = listeners;
    pane.id = kind;
    this.#is.title.id = `${kind}-title`;
    this.#is.title.textContent = title;
    this.#is.about.textContent = about;
    this.#is.order.setAttribute("aria-label", `Order, by the ${title.toLowerCase()}`);
    pane.setAttribute("aria-labelledby", `${kind}-title`);
    where.append(pane);

    this.#chart = new Chart(this.#is.chart);
    this.client = new Client(open, this.#see());
    this.#is.order.addEventListener("click", () => this.client.order());
    setInterval(() => this.#chart.describe(), 10_000);
    setInterval(() => this.client.awaySince !== null && this.#figures(), 100);
  }

  #see() {
    return {
      link: (state) => this.#link(state),
      left: (pod) => this.#left(pod),
      back: () => this.#chart.back(),
      pod: (now) => this.#pod(now),
      moving: (text) => this.#moving(text),
      move: (move) => this.#move(move),
      message: (message) => this.#message(message),
      figures: () => this.#figures(),
      order: (order) => this.#order(order),
      line: (line) => this.#listeners.line?.(line),
      note: (text) => this.#listeners.note?.(text),
    };
  }

  #link(state) {
    this.#is.link.dataset.state = state === "connected" ? state : "waiting";
    const transport = state === "connected" && this.client ? ` by ${this.client.transport}` : "";
    this.#is["link-state"].textContent = `${state}${transport}`;
  }

  #pod({ name, generation, phase }) {
    this.#root.dataset.phase = phase;
    this.#is["pod-name"].textContent = name;
    this.#is["pod-swatch"].dataset.hue = hue(name);
    this.#is.phase.textContent = phase;
    this.#is.phase.title = `generation ${generation}`;
    const names = Object.keys(PHASES).filter((each) => each !== "ENDED");
    const at = names.indexOf(phase);
    this.#is.phases.replaceChildren(
      ...names.map((_, index) => make("li", index < at ? "past" : index === at ? "now" : "")),
    );
    this.#is.meaning.textContent = PHASES[phase] ?? "";
  }

  #left(pod) {
    this.#chart.leave();
    this.#root.dataset.phase = "NONE";
    this.#is["pod-name"].textContent = "no pod";
    delete this.#is["pod-swatch"].dataset.hue;
    this.#is.phase.textContent = "";
    this.#is.phases.replaceChildren();
    this.#is.meaning.textContent = `No connection to ${pod} any more. This client waits, and looks for another pod.`;
  }

  #message({ n, at, pod, what }) {
    const latency = Date.now() - at;
    // On two machines whose clocks differ, the quickest message counts as one that took no time.
    this.#skew = Math.min(this.#skew, latency);
    this.#chart.add(latency - this.#skew, pod);
    const interval = at / n;
    for (let back = Math.min(what.skipped, 300); back > 0; back--) {
      this.#chart.lost(at - back * interval);
    }
  }

  #figures() {
    const { counts, up, longestAwayMs, awaySince, moves } = this.client;
    const awayMs = awaySince === null ? 0 : performance.now() - awaySince;
    this.#figure("gap", ms(Math.max(longestAwayMs, awayMs)), longestAwayMs > 0 || awayMs > 0);
    this.#figure("lost", count(counts.lost), counts.lost > 0);
    this.#figure("duplicates", count(counts.duplicates), counts.duplicates > 0);
    this.#figure("reordered", count(counts.reordered), counts.reordered > 0);
    this.#figure("received", count(counts.received));
    this.#figure("sent", count(up.sent));
    this.#figure("acknowledged", count(up.acknowledged));
    this.#figure("again", count(up.again), up.again > 0);
    this.#figure("move-count", count(moves));
    if (this.client.connected) {
      this.#link("connected");
    }
  }

  #figure(name, text, bad) {
    const element = this.#is[name];
    if (element.textContent !== text) {
      element.textContent = text;
    }
    if (bad !== undefined) {
      element.classList.toggle("bad", bad);
    }
  }

  /** How far a move has come, until its end is told. */
  #moving(text) {
    this.#is.moving.textContent = text ?? "";
    this.#is.moving.hidden = text === null;
    this.#is["moves-empty"].hidden = text !== null || this.client.moves > 0;
  }

  #move({ from, to, awayMs, lost, recovered, connectMs, held }) {
    this.#moving(null);
    const felt = awayMs > 0 ? `${ms(awayMs)} away` : "never away";
    const missed = recovered ? `recovered, ${count(lost)} lost` : lost > 0 ? `${count(lost)} lost` : "nothing lost";
    const entry = make(
      "li",
      awayMs > 0 || lost > 0 ? "bad" : "good",
      make("span", "route", tag("span", from), make("span", "arrow", "→"), tag("span", to)),
      make("time", "quiet", clock(new Date())),
      make("b", "felt", felt),
      make("b", "felt", missed),
    );
    if (connectMs !== undefined) {
      entry.append(make("span", "quiet", `next one open after ${ms(connectMs)}, ${count(held)} held`));
    }
    prepend(this.#is.moves, entry);
    this.#figures();
    this.#chart.describe();
    say(`${this.#title}: moved from ${from} to ${to}, ${felt}, ${missed}.`);
    this.#listeners.note?.(`The ${this.#title.toLowerCase()} came from ${from} to ${to}.`);
  }

  #order(order) {
    const id = `${this.#root.id}-order-${order.id}`;
    let row = document.getElementById(id);
    if (!row) {
      const bar = document.createElement("progress");
      bar.max = 100;
      bar.setAttribute("aria-label", `Order ${order.number}`);
      row = make("li", "", make("b", "", `Order ${order.number}`), bar, make("span", "fate"));
      row.id = id;
      prepend(this.#is.orders, row);
    }
    row.dataset.state = order.state;
    row.querySelector("progress").value = order.percent;
    row.querySelector(".fate").textContent = fate(order);
    if (order.state === "done" || order.state === "lost") {
      say(`Order ${order.number} of the ${this.#title.toLowerCase()} is ${order.state}.`);
    }
  }
}

function fate({ state, pod, percent, tookMs, draining, reason }) {
  switch (state) {
    case "working":
      return pod === null
        ? "waits for a connection"
        : `${percent}% on ${pod}${draining ? ", which drains" : ""}`;
    case "done":
      return `acknowledged by ${pod} after ${(tookMs / 1000).toFixed(1)} s${draining ? ": it survived the drain" : ""}`;
    case "refused":
      return `refused: ${reason}`;
    default:
      return `lost with ${pod ?? "no pod"}: ${reason}`;
  }
}
