import type { Front } from './client.js';
import { isFunction } from './options.js';

/**
 * What the app has as `socket.io`: the manager of whichever connection is the current one, with
 * listeners that stay.
 */
export function managerOf(Emitter: any, front: Front): any {
  const own = new Emitter();
  own.off(); // makes its own listeners, or the current manager's would be found
  own.socket = front.socket.bind(front);
  own.disconnect = () => {
    front.stop();
    front.current.manager.disconnect();
  };
  const io: any = new Proxy(own, {
    get(_, name) {
      if (name in own) return own[name];
      // While emits are held back it is the new connection's engine that must be writable.
      const link = name === 'engine' && front.waiting && front.coming;
      const { manager } = link || front.current;
      const value = manager[name];
      if (!isFunction(value)) return value;
      return (...args: any[]) => {
        const answer = value.apply(manager, args);
        if (answer !== manager) return answer;
        front.tuned.set(name, args);
        return io;
      };
    },
  });
  return io;
}
