// A stage for a stock client or an aware one: two pods behind one address, and a client that is
// before, in, or after a move.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { drainAware } from 'graceful-drain-client';
import * as v45 from 'socket.io-client-4.5';
import * as v46 from 'socket.io-client-4.6';
import * as v47 from 'socket.io-client-4.7';
import * as v48 from 'socket.io-client';
import { Pod, standingClock, until } from './pods.mjs';

const MODULES = { 4.5: v45, 4.6: v46, 4.7: v47, 4.8: v48 };

export const IOS = { 4.5: v45.io, 4.6: v46.io, 4.7: v47.io, 4.8: v48.io };

/** For an aware client, the states of a move; for a stock one, whether it has reconnected. */
export const PHASES = ['before', 'connecting', 'preparing', 'holding', 'overlap', 'after'];

/** One address that leads to the pod chosen last, as a Service does. */
export class Front {
  pipes = new Set();
  refusesUpgrades = false;
  isShut = false;

  static async start() {
    const front = new Front();
    front.server = createServer((from) => {
      if (front.isShut) {
        from.destroy();
        return;
      }
      const to = connect(front.pod.port, '127.0.0.1');
      from.once('data', (head) => {
        if (front.refusesUpgrades && /\r\nUpgrade: websocket/i.test(head)) from.destroy();
      });
      for (const [one, other] of [
        [from, to],
        [to, from],
      ]) {
        one.setNoDelay();
        front.pipes.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          front.pipes.delete(one);
          other.destroy();
        });
      }
    });
    front.server.listen(0, '127.0.0.1');
    await once(front.server, 'listening');
    front.url = `http://127.0.0.1:${front.server.address().port}`;
    return front;
  }

  cut() {
    for (const pipe of this.pipes) pipe.destroy();
  }

  async stop() {
    this.server.close();
    this.cut();
    if (this.server.listening) await once(this.server, 'close');
  }
}

/** Something that is held up until it is opened. */
export function gate() {
  const waiting = [];
  let isOpen = true;
  return {
    shut: () => (isOpen = false),
    open() {
      isOpen = true;
      for (const go of waiting.splice(0)) go();
    },
    pass: () => isOpen || new Promise((resolve) => waiting.push(resolve)),
    isTried: () => waiting.length > 0,
  };
}

/** Both pods, the front, and what the pods have received. */
export class Stage {
  received = [];
  handshakes = [];
  asked = gate(); // CONNECT at the second pod
  prepared = gate(); // the app's `ready` in a move
  landed = gate(); // the answer of the first pod
  clock = standingClock();
  moving = [];
  /** What a case keeps. */
  kept = {};
  opened = [];
  isOver = false;

  static async start({ hello, ...options } = {}) {
    const stage = new Stage();
    for (const name of ['a', 'b']) {
      const pod = await Pod.start(name, { hello, options });
      stage[name] = pod;
      pod.answerLanded = () => false;
      for (const nsp of ['/', '/chat']) {
        pod.io.of(nsp).use(async (socket, next) => {
          if (pod === stage.b) await stage.asked.pass();
          next();
        });
        pod.io.of(nsp).on('connection', (socket) => stage.#hears(nsp, socket));
      }
    }
    stage.front = await Front.start();
    stage.url = stage.front.url;
    stage.front.pod = stage.a;
    return stage;
  }

  #hears(nsp, socket) {
    this.handshakes.push(socket.handshake);
    socket.on('drain:landed', async (body, answer) => {
      await this.landed.pass();
      answer();
    });
    socket.onAny((event, ...args) => {
      if (/^drain:|^(up|owe|join)$/.test(event)) return;
      const answer = args.at(-1);
      if (typeof answer === 'function') args.pop();
      this.received.push([nsp, event, ...args]);
      if (typeof answer === 'function' && event.startsWith('ask')) answer('answer', ...args);
    });
    socket.on('disconnect', (reason) => this.received.push([nsp, `(${reason})`]));
  }

  /** Has `open` be `io`, or what stands for it. */
  choose(kind, version) {
    this.io = IOS[version];
    const io = kind === 'stock' ? this.io : drainAware(this.io, { clock: this.clock });
    const noted = (socket) => {
      this.opened.push(socket);
      return socket;
    };
    this.open = new Proxy(io, {
      apply: (target, self, args) => noted(Reflect.apply(target, self, args)),
    });
  }

  /** Opens a client in the form that is older than `io`. */
  async enter(kind, version, { optionsOf, aware } = {}) {
    this.io = IOS[version];
    this.module = MODULES[version];
    const all = {
      forceNew: true,
      transports: ['websocket'],
      reconnectionDelay: 5,
      randomizationFactor: 0,
      ...optionsOf?.(this.module),
    };
    const ready = (next, { moving }) => moving && next.nsp === '/' && this.prepared.pass();
    this.socket =
      kind === 'stock'
        ? this.io(this.url, all)
        : drainAware(this.io, this.url, all, { ready, clock: this.clock, ...aware });
    this.pod = this.a;
    if (kind === 'stock') return;
    for (const event of ['moving', 'switched', 'moved', 'failed']) {
      this.socket.on(`drain:${event}`, (what) => this.moving.push([event, what]));
    }
  }

  has(event) {
    return this.moving.some(([one]) => one === event);
  }

  /** Goes on to a state of the move, or to the end of it; a stock client to a reconnect. */
  async goTo(kind, phase) {
    if (phase === 'before') return;
    this.front.pod = this.b;
    const { socket, a, b } = this;
    if (kind === 'stock') {
      const { id } = socket;
      this.front.cut();
      await this.until(() => socket.connected && socket.id !== id);
      this.pod = b;
      return;
    }
    const gates = { connecting: this.asked, preparing: this.prepared, holding: this.landed };
    gates[phase]?.shut();
    a.hint({ graceMs: 600_000 });
    if (gates[phase]) {
      await until(() => gates[phase].isTried());
      return;
    }
    await until(() => b.io.of('/').sockets.has(socket.id));
    this.pod = b;
    if (phase === 'overlap') return;
    await this.until(() => this.has('moved'));
  }

  /** Lets everything go its way. */
  goOn() {
    for (const one of [this.asked, this.prepared, this.landed]) one.open();
    this.clock.goOn(250);
  }

  /** Waits for it while everything goes its way. */
  async until(condition) {
    await until(() => {
      if (this.isOver) throw new Error('the stage has ended');
      this.goOn();
      return condition();
    });
  }

  async stop() {
    this.goOn();
    this.isOver = true;
    this.socket?.io.disconnect();
    for (const socket of [...this.opened, this.socket]) socket?.disconnect();
    await this.front.stop();
    await Promise.all([this.a.stop(), this.b.stop()]);
  }
}
