import type { Front } from './client.js';
import type { Settings } from './options.js';

/** How many emits are held back during a move. */
const MOST_HELD = 10_000;

/** What the stock socket makes of an emit. */
export interface Packet {
  type: number;
  data: any[];
  id?: number;
  options: { compress: boolean };
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
  emitBuffered(): void;
  onevent(packet: { data: any[] }): void;
  onack(packet: { id: number; data: any[] }): void;
  onconnect(id: string, recovery?: unknown): void;
  onclose(reason: string, details?: unknown): void;
  emitReserved(event: string, ...args: any[]): void;
  connect(): Aware;
  destroy(): void;
  settings: Settings;
  /** What is to be done when an acknowledgement is awaited no more, by its id. */
  forget: { [id: number]: () => void };
  /** The ids of the last events. */
  seen: Set<unknown>;
  /** Whether it has been connected, and not been closed for good since. */
  joined: boolean;
  /** Stands for the session, as the stock socket tells by it that a session was recovered. */
  session: object;
}

/** The socket class that has the user's own for a parent. */
export function awareClass(Socket: any): any {
  return class extends Socket {
    constructor(front: Front, nsp: string, options: any, settings: Settings) {
      super(front.io, nsp, options);
      Object.assign(this, { front, settings, seen: new Set(), forget: {} });
      // The stock socket deletes what was answered, and what has timed out.
      this.acks = new Proxy(this.acks, {
        deleteProperty: (acks, id) => {
          this.forget[id]?.();
          delete this.forget[id];
          return delete acks[id];
        },
      });
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
      if (this.front.waiting?.length >= MOST_HELD) {
        this.flags = {};
        throw new Error(`emit: ${event}: ${MOST_HELD} held back (expected: fewer)`);
      }
      return super.emit(event, ...args);
    }

    packet(packet: Packet) {
      // An EVENT. A DISCONNECT is the inner socket's own to send, and so are CONNECT and ACK.
      if (packet.type === 2) {
        this.front.send({ socket: this as any, packet, volatile: !!this.flags.volatile });
      }
    }
  };
}
