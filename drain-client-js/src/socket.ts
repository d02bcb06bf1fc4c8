import type { Front } from './front.js';
import type { Settings } from './options.js';
import { Seen } from './seen.js';

/** How many emits are held back during a move. */
const MOST_HELD = 10_000;

/** What the stock socket makes of an emit. */
export interface Packet {
  type: number;
  data: any[];
  id?: number;
  options?: { compress?: boolean };
}

/** An emit on its way to a connection. */
export interface Outgoing {
  socket: Aware;
  packet: Packet;
  volatile: boolean;
}

/**
 * The socket that the app has: a stock socket of its own socket.io-client, so that listeners,
 * acknowledgements, timeouts, retries and buffers are the stock ones, but with the front in place
 * of a connection. Its members whose names begin with _ have other names in minified builds.
 */
export interface Aware {
  nsp: string;
  id?: string;
  auth: any;
  connected: boolean;
  active: boolean;
  acks: { [id: number]: ((...args: any[]) => void) & { withError?: boolean } };
  sendBuffer: Packet[];
  onevent(packet: { data: any[] }): void;
  onack(packet: { id: number; data: any[] }): void;
  onconnect(id: string, recovery?: unknown): void;
  onclose(reason: string, details?: unknown): void;
  emitReserved(event: string, ...args: any[]): void;
  connect(): Aware;
  destroy(): void;
  settings: Settings;
  seen: Seen;
  /** Whether it has been connected, and not been closed for good since. */
  joined: boolean;
  /** Stands for the session, as the stock socket tells by it that a session was recovered. */
  session: object;
}

const NEEDED = ['onevent', 'onack', 'onconnect', 'onclose', 'emitReserved', 'packet', 'destroy'];

export function missing(Socket: any): string | undefined {
  return NEEDED.find((name) => typeof Socket.prototype[name] !== 'function');
}

/** The socket class that has the user's own for a parent. */
export function awareClass(Socket: any): any {
  return class extends Socket {
    constructor(front: Front, nsp: string, options: any, settings: Settings) {
      super(front.io, nsp, options);
      Object.assign(this, { seen: new Seen(), session: {}, joined: false, settings });
      Object.defineProperty(this, 'front', { value: front });
    }

    connect() {
      if (!this.connected) {
        this.subs ||= []; // makes it active
        this.front.join(this);
      }
      return this;
    }

    destroy() {
      this.subs = undefined;
      this.joined = false;
      this.front.leave(this);
    }

    emit(event: any, ...args: any[]) {
      const { front } = this;
      if (front.holding && front.held.length >= MOST_HELD) {
        this.flags = {};
        throw new Error(
          `emit: ${String(event)}: ${MOST_HELD} emits are held back (expected: fewer in a move)`,
        );
      }
      const last = args.length - 1;
      const ack = args[last];
      if (typeof ack === 'function') {
        const id = this.ids;
        const settled = (...answer: any[]) => {
          front.settled(this as any, id);
          return ack.apply(this, answer);
        };
        args[last] = Object.assign(settled, ack.withError && { withError: true });
      }
      return super.emit(event, ...args);
    }

    packet(packet: Packet) {
      // Type 2 is EVENT. A DISCONNECT is the inner socket's own to send, and so are CONNECT and ACK.
      if (packet.type === 2) {
        this.front.send({ socket: this as any, packet, volatile: !!this.flags.volatile });
      }
    }
  };
}
