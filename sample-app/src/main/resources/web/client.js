/**
 * One client of the sample, stock or aware, and what it feels. Both are used alike; they differ only in
 * how they learn of a move.
 */

import { Counts } from "./counts.js";
import { Orders } from "./orders.js";

const UP_EVERY = 500;
const UP_PATIENCE = 10_000;
const UP_WAITING = 100;

export class Client {
  counts = new Counts();
  up = { sent: 0, acknowledged: 0, again: 0, waiting: 0 };
  moves = 0;
  longestAwayMs = 0;
  awaySince = null;
  pod = null;

  #socket;
  #see;
  #orders;
  #left = null;
  #settling = null;
  #next = null;
  #refused = 0;

  /**
   * @param open opens the socket; gets what the app has to do on each new connection
   * @param see gets what there is to show: link, pod, moving, move, message, figures, order, line, note
   */
  constructor(open, see) {
    this.#see = see;
    this.#socket = open((socket, { moving } = { moving: false }) => this.#entered(socket, moving));
    this.#orders = new Orders(
      (event, payload, patience, then) => this.#socket.timeout(patience).emit(event, payload, then),
      (order) => see.order(order),
    );
    this.#connection();
    this.#streams();
    this.#moving();
    setInterval(() => this.#beat(), UP_EVERY);
  }

  order() {
    this.#orders.place(this.pod?.name ?? null, this.pod?.phase ?? null);
  }

  say(line, refused) {
    this.#socket.timeout(UP_PATIENCE).emit("say", line, (error, answer) => {
      if (error || answer.error) {
        refused(error ? error.message : answer.error);
      }
    });
  }

  get connected() {
    return this.#socket.connected;
  }

  get transport() {
    return this.#socket.io?.engine?.transport?.name ?? "";
  }

  // ------------------------------------------------------------------ the connection

  #connection() {
    const socket = this.#socket;
    socket.on("connect", () => {
      this.#refused = 0;
      if (this.#left) {
        const awayMs = performance.now() - this.#left.at;
        this.#felt(awayMs);
        this.counts.moved();
        this.#see.back();
        // Whether the next pod has taken the session over, which it does from a pod that drains.
        const recovered = socket.recovered === true;
        this.#settling = { ...this.#left, awayMs, recovered, missed: null, to: null };
        this.#left = null;
      }
      this.awaySince = null;
      this.#see.link("connected");
    });
    socket.on("disconnect", () => {
      this.#left = { pod: this.pod?.name ?? "no pod", at: performance.now() };
      this.awaySince = performance.now();
      this.pod = null;
      this.#see.left(this.#left.pod);
      this.#see.link("waiting for a pod");
    });
    socket.on("connect_error", (error) => {
      this.#refused++;
      const answer = error.context?.responseText;
      this.#see.link(answer ? `refused: ${answer}` : `waiting for a pod, attempt ${this.#refused + 1}`);
    });
    socket.on("pod", (now) => {
      if (now.name === this.pod?.name) {
        this.#show(now);
      }
    });
  }

  /** On a new connection this app asks for the pod. Other apps join their rooms. */
  async #entered(socket, moving) {
    const now = await ask(socket, "whoami");
    if (moving) {
      this.#next = now;
      return;
    }
    if (this.#settling) {
      this.#settling.to = now.name;
      this.#settle();
    }
    this.#show(now);
  }

  /** The move of a client that was away is told when the new pod and the missed messages are known. */
  #settle() {
    const { pod, to, awayMs, missed, recovered } = this.#settling;
    if (to !== null && missed !== null) {
      this.#settling = null;
      this.moves++;
      this.#see.move({ from: pod, to, awayMs, lost: missed, recovered });
    }
  }

  #show(now) {
    this.pod = now;
    this.#orders.phase(now.phase);
    this.#see.pod(now);
  }

  #felt(awayMs) {
    this.longestAwayMs = Math.max(this.longestAwayMs, awayMs);
  }

  // ------------------------------------------------------------------ moves of an aware client

  #moving() {
    let lostBefore = 0;
    this.#socket.on("drain:moving", ({ from }) => {
      lostBefore = this.counts.lost;
      this.#see.moving(`Moving away from ${from.pod}…`);
    });
    this.#socket.on("drain:moved", ({ from, to, connectMs, held, downtimeMs }) => {
      this.#felt(downtimeMs);
      this.#settling = null; // a move that was cut half-way is told here
      this.moves++;
      const lost = this.counts.lost - lostBefore;
      if (this.pod?.name !== to.pod) {
        this.#show(this.#next ?? { name: to.pod, generation: to.generation, phase: "SERVING" });
      }
      this.#next = null;
      this.#see.move({ from: from.pod, to: to.pod, awayMs: downtimeMs, lost, connectMs, held });
    });
    this.#socket.on("drain:failed", ({ reason, message }) => {
      this.#next = null;
      this.#see.moving(null);
      this.#see.note(`A move failed (${reason}): ${message}. The client goes on as a stock one.`);
    });
  }

  // ------------------------------------------------------------------ the streams

  #streams() {
    this.#socket.on("feed", ({ n, at, pod }) => {
      const what = this.counts.take(n);
      if (pod === this.#next?.name && pod !== this.pod?.name) {
        this.#see.moving(`On ${pod} now. ${this.pod?.name ?? "The last pod"} is listened to until it has said all.`);
        this.#show(this.#next);
      }
      if (this.#settling) {
        this.#settling.missed ??= what.skipped;
        this.#settle();
      }
      this.#see.message({ n, at, pod, what });
    });
    this.#socket.on("progress", (progress) => this.#orders.progress(progress));
    this.#socket.on("say", (line) => this.#see.line(line));
  }

  #beat() {
    if (this.up.waiting < UP_WAITING) {
      this.up.sent++;
      this.up.waiting++;
      this.#send(this.up.sent);
    }
    this.#see.figures();
  }

  /** A number that is not acknowledged is sent again, by the connection of that time. */
  #send(n) {
    this.#socket.timeout(UP_PATIENCE).emit("up", { n }, (error) => {
      if (error) {
        this.up.again++;
        this.#send(n);
      } else {
        this.up.waiting--;
        this.up.acknowledged++;
      }
    });
  }
}

function ask(socket, event) {
  return new Promise((resolve, reject) => {
    socket.timeout(UP_PATIENCE).emit(event, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}
