import { clientFor, clientOfManager } from './open.js';
import type { Settings } from './options.js';
import { isFunction, type Func, type StockManager } from './stock.js';
import type { AnySocket, Io, Options } from './types.js';

type ManagerClass = new (url?: unknown, options?: object) => StockManager;

/** A socket as `io(url, options)` gives it, of a client that is aware. */
export function awareSocket(
  io: Io,
  url: string | undefined,
  options: Options | undefined,
  settings: Settings,
): AnySocket {
  const opened = clientFor(io, url, options, settings);
  return opened.client.socket(opened.nsp, opened.options, settings) as unknown as AnySocket;
}

/** An `io` that is used as the stock one, with all that it has. */
export function awareIo<I extends Io>(stock: I, settings: Settings): I {
  const own = (url?: string | Options, options?: Options): AnySocket =>
    typeof url === 'object' && url
      ? awareSocket(stock, undefined, url, settings)
      : awareSocket(stock, url as string | undefined, options, settings);
  const members = stock as unknown as { Manager?: unknown; [name: string]: unknown };
  const { Manager } = members;
  for (const name of Object.keys(members)) {
    const value = members[name];
    define(own, name, value === stock ? own : value);
  }
  for (const name of ['io', 'connect', 'default']) if (members[name]) define(own, name, own);
  if (isFunction(Manager)) define(own, 'Manager', awareManager(Manager, settings));
  return own as unknown as I;
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** A `Manager` whose sockets are aware. */
function awareManager(Manager: Func, settings: Settings): unknown {
  return new Proxy(Manager, {
    construct(stock, [url, options]: [unknown, Options?]) {
      const { io } = clientOfManager(stock as unknown as ManagerClass, url, options, settings);
      const { autoConnect } = (typeof url === 'object' && url ? url : options || {}) as Options;
      if (autoConnect !== false) io.open();
      return io;
    },
  });
}
