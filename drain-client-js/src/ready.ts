import { isFunction, type Func, type StockSocket } from './stock.js';

/** What the app's `ready` is handed. The connection's own socket cannot be reached by it. */
export interface ReadySocket {
  readonly id: string | undefined;
  readonly nsp: string;
  readonly connected: boolean;
  readonly recovered: boolean;
  readonly auth: unknown;
  readonly volatile: ReadySocket;
  timeout(ms: number): ReadySocket;
  emit(event: string, ...args: unknown[]): ReadySocket;
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
  on(event: string, listener: Func): ReadySocket;
  once(event: string, listener: Func): ReadySocket;
  /** Only what was listened to by this. */
  off(event?: string, listener?: Func): ReadySocket;
}

export interface Readying {
  readonly next: ReadySocket;
  /** Ends its listeners. If the connection was adopted, it stands for the app's socket then. */
  end(adopted: boolean): void;
}

interface Listening {
  readonly event: string;
  readonly listener: Func;
  /** What the socket has in its place. */
  readonly attached: Func;
}

/**
 * `inner` is the stock socket of the connection; the app's own, `outer`, if that is to be used.
 */
export function readying(
  inner: StockSocket,
  outer: StockSocket,
  ackTimeout: number | undefined,
): Readying {
  let socket = inner;
  let ended = false;
  let listening: Listening[] = [];
  let flags: { timeout?: number; volatile?: boolean } = {};

  const listen = (event: string, listener: Func, attached: Func): ReadySocket => {
    // The app never sees the protocol's own.
    if (ended || (inner !== outer && /^drain:/.test(event))) return next;
    listening.push({ event, listener, attached });
    inner.on(event, attached);
    return next;
  };

  const next: ReadySocket = {
    get id() {
      return socket.id;
    },
    get nsp() {
      return outer.nsp;
    },
    get connected() {
      return socket.connected;
    },
    get recovered() {
      return !!socket.recovered;
    },
    get auth() {
      return outer.auth;
    },
    get volatile() {
      flags.volatile = true;
      return next;
    },
    timeout(ms) {
      flags.timeout = ms;
      return next;
    },
    emit(event, ...args) {
      const { timeout = ackTimeout, volatile } = flags;
      flags = {};
      if (timeout !== undefined) socket.timeout(timeout);
      if (volatile) socket.flags.volatile = true;
      socket.emit(event, ...args);
      return next;
    },
    // socket.io-client has it from 4.6 on. This one does without.
    emitWithAck(event, ...args) {
      const hasError = (flags.timeout ?? ackTimeout) !== undefined;
      return new Promise((resolve, reject) => {
        const done: Func = (error, answer) => (error ? reject(error) : resolve(answer));
        next.emit(event, ...args, hasError ? done : (answer: unknown) => resolve(answer));
      });
    },
    on: (event, listener) => listen(event, listener, listener),
    once: (event, listener) =>
      listen(event, listener, (...args) => {
        next.off(event, listener);
        return listener(...args);
      }),
    off(event, listener) {
      listening = listening.filter((each) => {
        const isMeant = !isFunction(listener) || each.listener === listener;
        const goes = (!event || each.event === event) && isMeant;
        if (goes) inner.off(each.event, each.attached);
        return !goes;
      });
      return next;
    },
  };
  return {
    next,
    end(adopted) {
      next.off();
      ended = true;
      if (adopted) socket = outer;
    },
  };
}
