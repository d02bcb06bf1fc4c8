import { clientFor } from './open.js';
import type { AnyEvents, AwareOptions, AwareSocket, EventsMap, Io, Options } from './types.js';

export type {
  AnyEvents,
  AwareOptions,
  AwareSocket,
  DrainEvents,
  EventsMap,
  Failed,
  Io,
  Moved,
  Moving,
  Pod,
} from './types.js';

/**
 * A socket as `io(url, options)` gives it, which moves to another pod unnoticed when its own pod
 * asks for that.
 *
 * @param io - `io` of your own socket.io-client, 4.5 or newer
 * @param url - as `io` takes it; without one, the address of the page
 * @param options - as `io` takes them
 * @param aware - the app's part in a move
 * @throws TypeError that names the argument or option, the given value, and the expected one
 *
 * @example
 * import { io } from 'socket.io-client';
 * import { drainAware } from 'graceful-drain-client';
 *
 * const socket = drainAware(io, 'https://chat.example.org'); // was: io('https://chat.example.org')
 * socket.on('message', (text) => console.log(text));
 *
 * @example
 * // With rooms: joined at each connect, and on the next pod before the move.
 * const socket = drainAware(io, '/', { auth: { token } }, {
 *   ready: (next) => next.timeout(2000).emitWithAck('join', 'room 5'),
 * });
 *
 * @example
 * // With types of events.
 * const socket = drainAware<ServerToClient, ClientToServer>(io, '/chat');
 */
export function drainAware<Listen extends EventsMap = AnyEvents, Emit extends EventsMap = Listen>(
  io: Io,
  url?: string,
  options?: Options,
  aware?: AwareOptions,
): AwareSocket<Listen, Emit> {
  const { client, nsp, settings } = clientFor(io, url, options, aware);
  return client.socket(nsp, options, settings) as unknown as AwareSocket<Listen, Emit>;
}
