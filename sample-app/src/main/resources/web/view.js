/** Helpers that the parts of the page share to show things. */

const number = new Intl.NumberFormat();
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const PHASES = {
  STARTING: "Not up yet.",
  SERVING: "Ready. Admits and serves.",
  UNREADY: "A drain has begun: new connections go elsewhere, those here are served.",
  MOVING: "Each connection is let go in its own slot.",
  SETTLING: "Only connections with work in flight are left; they may finish it.",
  FORCING: "Whatever is left is closed.",
  DRAINED: "Nobody is left. The receipt is out.",
  ENDED: "The process is gone.",
};

export const count = (value) => number.format(value);
export const clock = (at) => time.format(at);
export const ms = (value) => `${number.format(Math.round(value))} ms`;

/** Makes an element with classes and text or children. */
export function make(tag, className, ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

// Pods are told apart by colour and by name, in the order in which they came.
const hues = new Map();

export function hue(pod) {
  if (!hues.has(pod)) {
    hues.set(pod, hues.size % 6);
  }
  return hues.get(pod);
}

/** A pod's name with its colour. */
export function tag(element, pod) {
  const swatch = make("span", "swatch");
  swatch.dataset.hue = hue(pod);
  return make(element, "pod-tag", swatch, pod);
}

/** Keeps a list short, newest first. */
export function prepend(list, item, most = 50) {
  list.prepend(item);
  while (list.childElementCount > most) {
    list.lastElementChild.remove();
  }
}

/** Says something to screen readers; texts that come together are said together. */
export function say(text) {
  waiting.push(text);
  timer ??= setTimeout(() => {
    document.getElementById("aloud").textContent = waiting.splice(0).join(" ");
    timer = null;
  }, 500);
}

const waiting = [];
let timer = null;
