const PHASES = {
  STARTING: "Not up yet.",
  SERVING: "Ready. Admits and serves.",
  UNREADY: "A drain has begun: new connections are to go elsewhere, those here are served.",
  MOVING: "Each connection is let go in its own slot.",
  SETTLING: "Only connections with work in flight are left; they may finish it.",
  FORCING: "Whatever is left is closed.",
  DRAINED: "Nobody is left. The receipt is out.",
};

const TAPE = 180;
const LINES = 200;
const ENTRIES = 50;

const $ = (id) => document.getElementById(id);
const number = new Intl.NumberFormat();
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Makes an element with classes and text or children. */
function make(tag, className, ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

function trim(list, most) {
  while (list.childElementCount > most) {
    list.firstElementChild.remove();
  }
}

// Pods are told apart by colour and by name, in the order in which they came.
const hues = new Map();

function hue(pod) {
  if (!hues.has(pod)) {
    hues.set(pod, hues.size % 6);
    $("legend").append(swatched("li", pod));
  }
  return hues.get(pod);
}

function swatched(tag, pod) {
  const swatch = make("span", "swatch");
  swatch.dataset.hue = hues.get(pod) ?? hue(pod);
  return make(tag, "pod-tag", swatch, pod);
}

/** Says something to those who listen instead of looking. */
export function say(text) {
  $("aloud").textContent = text;
}

export function link(state, transport) {
  $("link").dataset.state = state;
  $("link-state").textContent = state;
  $("link-transport").textContent = transport ?? "";
}

export function pod({ name, generation, phase }) {
  $("pod-name").textContent = name;
  $("pod-swatch").dataset.hue = hue(name);
  $("pod-generation").textContent = generation;
  const names = Object.keys(PHASES);
  const at = names.indexOf(phase);
  $("phases").replaceChildren(
    ...names.map((each, index) => {
      const step = make("li", index < at ? "past" : index === at ? "now" : "ahead", make("span", "", each));
      if (index === at) {
        step.setAttribute("aria-current", "step");
      }
      return step;
    }),
  );
  $("phases").dataset.phase = phase;
  $("phase-meaning").textContent = PHASES[phase] ?? "";
  document.title = `${name} · ${phase}`;
}

export function counts({ received, duplicates, missing }, up) {
  figure("received", received);
  figure("missing-here", missing.here, "bad");
  figure("missing-away", missing.away, "odd");
  figure("duplicates", duplicates, "odd");
  figure("up-sent", up.sent);
  figure("up-waiting", up.waiting);
}

function figure(id, value, when) {
  $(id).textContent = number.format(value);
  if (when) {
    $(id).classList.toggle(when, value > 0);
  }
}

/** Adds a message to the tape, with what is missing before it. */
export function tape(n, pod, { kind, skipped, where }) {
  const list = $("tape");
  for (let missing = Math.min(skipped, 12); missing > 0; missing--) {
    list.append(make("i", `missing ${where}`));
  }
  const cell = make("i", kind);
  cell.dataset.hue = hue(pod);
  cell.title = `${n} from ${pod}`;
  list.append(cell);
  trim(list, TAPE);
}

/** Adds a move to the time line; returns what shows how many messages it cost. */
export function move({ from, to, awayMs, at, count }) {
  $("moves-empty").hidden = true;
  $("move-count").textContent = number.format(count);
  const cost = make("span", "cost");
  const entry = make(
    "li",
    "",
    make("time", "quiet", time.format(at)),
    make("span", "route", swatched("span", from), make("span", "arrow", "→"), swatched("span", to)),
    make("span", "away", make("b", "", `${number.format(Math.round(awayMs))} ms`), " away"),
    cost,
  );
  $("moves").prepend(entry);
  while ($("moves").childElementCount > ENTRIES) {
    $("moves").lastElementChild.remove();
  }
  return (missed) => {
    cost.textContent = missed === 0 ? "nothing missed" : `${number.format(missed)} missed`;
    cost.classList.toggle("odd", missed > 0);
  };
}

/** Shows an order as it stands. */
export function order(order) {
  const id = `order-${order.id}`;
  let row = $(id);
  if (!row) {
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", `Order ${order.number}`);
    row = make("li", "", make("b", "", `Order ${order.number}`), bar, make("span", "fate"));
    row.id = id;
    $("orders").prepend(row);
    while ($("orders").childElementCount > ENTRIES) {
      $("orders").lastElementChild.remove();
    }
  }
  row.dataset.state = order.state;
  row.dataset.draining = order.draining;
  row.querySelector("progress").value = order.percent;
  row.querySelector(".fate").textContent = fate(order);
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

export function line({ from, text, pod }) {
  append(make("li", "", make("b", "", from), " ", text, " ", swatched("span", pod)));
}

/** Adds a note of the page's own to the chat. */
export function note(text) {
  append(make("li", "note", text));
}

function append(line) {
  const lines = $("lines");
  const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
  lines.append(line);
  trim(lines, LINES);
  if (atEnd) {
    lines.scrollTop = lines.scrollHeight;
  }
}

/** Marks the transport that this page was asked to use. */
export function chosen(transport) {
  for (const link of document.querySelectorAll("[data-transport]")) {
    if (link.dataset.transport === transport) {
      link.setAttribute("aria-current", "true");
    }
  }
}
