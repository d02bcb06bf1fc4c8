import { isFunction, type StockClasses, type StockManager } from './stock.js';
import type { StockSocket } from './stock.js';

/** The app's `socket.io` looks through to this. */
export interface Managed {
  /** The manager whose member of that name the app gets. */
  managerFor(member: string | symbol): StockManager;
  /** The app has set something at its manager, which its successors need too. */
  tuned(name: string | symbol, args: unknown[]): void;
  /** The app has assigned to a member of its manager. */
  assigned(name: string | symbol, value: unknown): void;
  /** Whether sockets connect as they are made. */
  autoConnects(): boolean;
  /** The app's sockets, by namespace. */
  nsps(): { [nsp: string]: StockSocket };
  socket(nsp: string, options?: object): StockSocket;
  /** The app closes the connection. */
  disconnect(): void;
}

/** What returns the manager and is no setting. */
const ACTIONS: readonly (string | symbol)[] = ['open', 'connect'];

/**
 * The app's `socket.io`: the manager of the current connection. Its listeners are its own, and so
 * they stay when the connection changes.
 */
export function managerOf({ Emitter, Manager }: StockClasses, managed: Managed): StockManager {
  const own = new Emitter();
  own.off(); // creates its own table of listeners, or the current manager's would be found
  const members: object = Object.assign(own, {
    socket: (nsp: string, options?: object) => managed.socket(nsp, options),
    disconnect: () => managed.disconnect(),
    _close: () => managed.disconnect(),
  });
  /** What is the app's, or ours; the rest is the manager's. */
  const isOwn = (name: string | symbol): boolean => name in members;
  const facade = new Proxy(members, {
    getPrototypeOf: () => Manager.prototype as object,
    has: (_, name) => isOwn(name) || name in managed.managerFor(name),
    ownKeys: () => Reflect.ownKeys(managed.managerFor('')),
    getOwnPropertyDescriptor: (_, name) => {
      const holder = isOwn(name) ? members : managed.managerFor(name);
      const found = Reflect.getOwnPropertyDescriptor(holder, name);
      if (!found) return undefined;
      const value: unknown = Reflect.get(facade, name);
      return { value, writable: true, enumerable: !!found.enumerable, configurable: true };
    },
    set(_, name, value) {
      // What is no member of a manager is the app's own, and stays.
      const manager = managed.managerFor(name);
      if (isOwn(name) || !(name in manager)) return Reflect.set(members, name, value);
      managed.assigned(name, value);
      return Reflect.set(manager, name, value);
    },
    get(_, name): unknown {
      if (name === 'nsps') return managed.nsps();
      if (name === '_autoConnect') return managed.autoConnects();
      if (name === 'constructor') return Manager;
      if (isOwn(name)) return Reflect.get(members, name);
      const manager = managed.managerFor(name);
      const value: unknown = Reflect.get(manager, name);
      if (!isFunction(value)) return value;
      return function (this: unknown, ...args: unknown[]): unknown {
        const answer = value.apply(manager, args);
        if (answer !== manager) return answer;
        if (!ACTIONS.includes(name)) managed.tuned(name, args);
        return this; // the app may hold it by a proxy of its own
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
