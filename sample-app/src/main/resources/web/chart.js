/**
 * The latency of messages over the last half minute, on a canvas: a line for each pod's messages, a
 * shaded band for each time away, a tick below for each lost message. Each line of its scale is ten times
 * the line below: a message may be late by a millisecond or by a second, and both must be visible.
 */

import { count, hue, ms } from "./view.js";

const SPAN = 30_000;
const LEFT = 62;
const BOTTOM = 14;
const TOP = 6;
const LEAST_DECADES = 2;
const MOST_DECADES = 5;

export class Chart {
  #canvas;
  #points = [];
  #bands = [];
  #lost = [];
  #drawn = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const draw = (now) => {
      const every = still.matches ? 1_000 : 66;
      if (now - this.#drawn >= every) {
        this.#drawn = now;
        this.#draw();
      }
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  /** A message came, so long after it was due. */
  add(latency, pod) {
    this.#points.push({ at: Date.now(), latency, pod });
  }

  /** The message that was due then never came. */
  lost(at) {
    this.#lost.push(at);
  }

  /** No connection from now on. */
  leave() {
    this.#bands.push({ from: Date.now(), to: null });
  }

  /** A connection again. */
  back() {
    const last = this.#bands.at(-1);
    if (last && last.to === null) {
      last.to = Date.now();
    }
  }

  /** The chart in words, for screen readers; said rarely. */
  describe() {
    const all = this.#points.map((each) => each.latency).sort((a, b) => a - b);
    if (all.length > 0) {
      const half = all[Math.floor(all.length / 2)];
      this.#canvas.setAttribute(
        "aria-label",
        `Latency of messages in the last half minute: half of them within ${ms(half)}, all within ${ms(all.at(-1))}, ` +
          `${this.#lost.length} lost`,
      );
    }
  }

  #forget(before) {
    const drop = (list, old) => {
      while (list.length > 0 && old(list[0])) {
        list.shift();
      }
    };
    drop(this.#points, (each) => each.at < before);
    drop(this.#lost, (each) => each < before);
    drop(this.#bands, (each) => each.to !== null && each.to < before);
  }

  #draw() {
    const canvas = this.#canvas;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = devicePixelRatio;
    if (width === 0) {
      return;
    }
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const now = Date.now();
    this.#forget(now - SPAN - 1_000);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(name);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);

    const highest = this.#points.reduce((most, each) => Math.max(most, each.latency), 0);
    const decades = Math.min(MOST_DECADES, Math.max(LEAST_DECADES, Math.ceil(Math.log10(Math.max(1, highest)))));
    const x = (at) => LEFT + ((at - now + SPAN) / SPAN) * (width - LEFT);
    const share = (latency) => Math.min(1, Math.log10(Math.max(1, latency)) / decades);
    const y = (latency) => TOP + (1 - share(latency)) * (height - TOP - BOTTOM);

    pen.font = `11px ${style.fontFamily}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.lineWidth = 1;
    for (let decade = 0; decade <= decades; decade++) {
      const each = 10 ** decade;
      pen.strokeStyle = colour("--edge");
      pen.beginPath();
      pen.moveTo(LEFT, Math.round(y(each)) + 0.5);
      pen.lineTo(width, Math.round(y(each)) + 0.5);
      pen.stroke();
      pen.fillStyle = colour("--quiet");
      pen.fillText(decade === decades ? `${count(each)} ms` : count(each), LEFT - 6, y(each));
    }

    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT, height);
    pen.clip();
    for (const band of this.#bands) {
      this.#band(pen, x(band.from), x(band.to ?? now), height - BOTTOM, band, colour);
    }
    this.#line(pen, x, y, colour);
    pen.fillStyle = colour("--bad");
    for (const at of this.#lost) {
      pen.fillRect(x(at) - 1, height - BOTTOM + 3, 2, 8);
    }
    pen.restore();
  }

  #band(pen, from, to, bottom, band, colour) {
    const width = Math.max(2, to - from);
    pen.fillStyle = colour("--away");
    pen.fillRect(from, TOP, width, bottom - TOP);
    pen.strokeStyle = colour("--bad");
    pen.setLineDash([3, 3]);
    pen.strokeRect(from + 0.5, TOP + 0.5, width, bottom - TOP - 1);
    pen.setLineDash([]);
    const text = `away ${ms((band.to ?? Date.now()) - band.from)}`;
    const textWidth = pen.measureText(text).width;
    const roomRight = pen.canvas.clientWidth - to > textWidth + 10;
    pen.textAlign = roomRight ? "left" : "right";
    pen.fillStyle = colour("--bad");
    pen.fillText(text, roomRight ? to + 6 : from - 6, TOP + 8);
  }

  /** Broken where the client was not connected; each piece has the colour of its pod. */
  #line(pen, x, y, colour) {
    pen.lineWidth = 1.75;
    pen.lineJoin = "round";
    let last = null;
    for (const point of this.#points) {
      const here = [x(point.at), y(point.latency)];
      pen.strokeStyle = pen.fillStyle = colour(`--hue-${hue(point.pod)}`);
      pen.beginPath();
      if (last && !this.#awayBetween(last.at, point.at)) {
        pen.moveTo(...last.here);
        pen.lineTo(...here);
        pen.stroke();
      } else {
        pen.arc(...here, 2.5, 0, 2 * Math.PI);
        pen.fill();
      }
      last = { at: point.at, here };
    }
  }

  #awayBetween(from, to) {
    return this.#bands.some((band) => band.from < to && (band.to ?? Infinity) > from);
  }
}
