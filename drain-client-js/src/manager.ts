import { isFunction, type StockClasses, type StockManager } from './stock.js';
import type { StockSocket } from './stock.js';

/** The app's `socket.io` looks through to this. */
export interface Managed {
  /** The manager whose member of that name the app gets. */
  managerFor(member: string | symbol): StockManager;
  /** The app has set something at its manager, which its successors need too. */
  tuned(name: string | symbol, args: unknown[]): void;
  socket(nsp: string, options?: object): StockSocket;
  /** The app closes the connection. */
  disconnect(): void;
}

/**
 * The app's `socket.io`: the manager of the current connection. Its listeners are its own, and so
 * they stay when the connection changes.
 */
export function managerOf({ Emitter }: StockClasses, managed: Managed): StockManager {
  const own = new Emitter();
  own.off(); // creates its own table of listeners, or the current manager's would be found
  const members = Object.assign(own, {
    socket: (nsp: string, options?: object) => managed.socket(nsp, options),
    disconnect: () => managed.disconnect(),
  });
  const facade = new Proxy(members, {
    get(_, name): unknown {
      if (name in members) return Reflect.get(members, name);
      const manager = managed.managerFor(name);
      const value: unknown = Reflect.get(manager, name);
      if (!isFunction(value)) return value;
      return (...args: unknown[]) => {
        const answer = value.apply(manager, args);
        if (answer !== manager) return answer;
        managed.tuned(name, args);
        return facade;
      };
    },
  }) as unknown as StockManager;
  return facade;
}

/** Sets at a manager what was set at one before it. */
export function tune(
  manager: StockManager,
  settings: ReadonlyMap<string | symbol, unknown[]>,
): void {
  settings.forEach((args, name) => {
    const set: unknown = Reflect.get(manager, name);
    if (isFunction(set)) set.apply(manager, args);
  });
}
