import { byContent } from './content.js';
import { awareIo, awareSocket } from './io.js';
import { checkAware, checkIo, checkPlaces, settings } from './options.js';
import { stateOf } from './reading.js';
import type {
  AnyEvents,
  AnySocket,
  AwareOptions,
  AwareSocket,
  EventsMap,
  Io,
  IoMembers,
  MoveState,
  Options,
} from './types.js';

export type {
  AnyEvents,
  AwareOptions,
  AwareSocket,
  DrainEvents,
  EventId,
  EventsMap,
  Failed,
  FailureCode,
  Io,
  IoMembers,
  Moved,
  MoveState,
  Moving,
  Pod,
  ReadySocket,
  Switched,
} from './types.js';

export { byContent };

/**
 * The state of a socket's move, `idle` without one, and for a socket that is not aware.
 *
 * @example
 * if (drainState(socket) === 'idle') startUpload();
 */
export function drainState(socket: AnySocket): MoveState {
  return stateOf(socket);
}

/**
 * An `io` that is used as your own one is, whose sockets move to another pod unnoticed when their
 * own pod asks for that. It has all that your `io` has, such as `io.Manager`.
 *
 * @param io - `io` of your own socket.io-client, 4.5 or newer
 * @param aware - the app's part in a move
 * @throws TypeError that names the argument or option, the given value, and the expected one
 *
 * @example
 * import { io as stockIo } from 'socket.io-client';
 * import { drainAware } from 'graceful-drain-client';
 *
 * const io = drainAware(stockIo);
 * const socket = io('https://chat.example.org'); // as ever
 */
export function drainAware<
  I extends Io,
  Listen extends EventsMap = AnyEvents,
  Emit extends EventsMap = Listen,
>(io: I, aware?: AwareOptions<Listen, Emit>): I & IoMembers;
/**
 * One socket as `io(url, options)` gives it, which moves to another pod unnoticed.
 *
 * @param io - `io` of your own socket.io-client, 4.5 or newer
 * @param url - as `io` takes it; `undefined`: the address of the page
 * @param options - as `io` takes them
 * @param aware - the app's part in a move
 * @throws TypeError that names the argument or option, the given value, and the expected one
 *
 * @example
 * // With rooms: joined at each connect, and on the next pod before the move.
 * const socket = drainAware(io, '/', { auth }, {
 *   ready: (next) => next.timeout(2000).emitWithAck('join', 'room 5'),
 * });
 *
 * @example
 * // With types of events.
 * const socket = drainAware<ServerToClient, ClientToServer>(io, '/chat');
 */
export function drainAware<Listen extends EventsMap = AnyEvents, Emit extends EventsMap = Listen>(
  io: Io,
  url: string | undefined,
  options?: Options,
  aware?: AwareOptions<Listen, Emit>,
): AwareSocket<Listen, Emit>;
export function drainAware(io: Io, ...rest: unknown[]): unknown {
  checkIo(io);
  const [first] = rest;
  if (typeof first !== 'string' && rest.length < 2) {
    checkAware(first === undefined ? {} : first);
    return awareIo(io, settings(first as AwareOptions | undefined));
  }
  const [url, options = {}, aware = {}] = rest as [string?, Options?, AwareOptions?];
  checkPlaces(url, options, aware);
  return awareSocket(io, url, options, settings(aware));
}

/** For pages without a bundler, which have nothing but `drainAware`. */
drainAware.state = drainState;
drainAware.byContent = byContent;
