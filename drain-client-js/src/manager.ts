import type { Front } from './front.js';

/** What a manager is told, or asked, of reconnecting; it goes along to the next connection. */
export const SETTINGS =
  'reconnection reconnectionAttempts reconnectionDelay reconnectionDelayMax randomizationFactor timeout'.split(
    ' ',
  );

/** What the app has as `socket.io`: the manager of whichever connection is the current one. */
export function managerOf(Emitter: any, front: Front): any {
  const io = Object.create(Emitter.prototype);
  const define = (name: string, get: () => unknown) => Object.defineProperty(io, name, { get });
  for (const name of SETTINGS) {
    io[name] = (...value: any[]) => {
      const answer = front.current.manager[name](...value);
      return value.length ? io : answer;
    };
  }
  for (const name of ['opts', 'uri', 'encoder', 'decoder', 'backoff']) {
    define(name, () => front.current.manager[name]);
  }
  // While emits are held back it is the new connection's that must be writable.
  define('engine', () => ((front.holding && front.next) || front.current).manager.engine);
  define('nsps', () => Object.fromEntries(front.sockets));
  io.setTimeoutFn = front.settings.clock.setTimeout;
  io.clearTimeoutFn = front.settings.clock.clearTimeout;
  io.socket = (nsp: string, options?: any) => front.socket(nsp, options);
  io.open = io.connect = (done?: any) => {
    front.current.manager.open(done);
    return io;
  };
  io.disconnect = () => {
    front.stop();
    front.current.manager.disconnect();
  };
  return io;
}
