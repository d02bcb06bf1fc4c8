import { parse } from './address.js';
import { Front } from './client.js';
import { check, isFunction, settings } from './options.js';
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

/** Who may be shared, as socket.io-client has it. */
const fronts: Front[] = [];

/**
 * A socket as `io(url, options)` would give, that moves to another pod unnoticed when its own asks.
 *
 * @throws TypeError that names the option, its value, and what was expected
 */
export function drainAware<Listen extends EventsMap = AnyEvents, Emit extends EventsMap = Listen>(
  io: Io,
  url?: string,
  options: Options = {},
  aware?: AwareOptions,
): AwareSocket<Listen, Emit> {
  check('io', io, isFunction(io), 'io of socket.io-client');
  const mine = settings(aware);
  const { query, multiplex, forceNew }: any = options;
  // Never connects: it tells how this client reads the address, and which classes it has.
  const probe: any = io(url as string, { ...options, autoConnect: false, forceNew: true });
  const { nsp, io: manager, constructor: Socket } = probe;
  const Manager = manager.constructor;
  const [origin, , own] = parse(manager.uri)!;
  const address = origin + manager.opts.path;
  const shared = !forceNew && multiplex !== false;
  const known = fronts.find((f) => f.Manager === Manager && f.address === address);
  let front = shared && known;
  if (!front || front.sockets.has(nsp)) {
    const base = { ...options, query: own || query };
    front = new Front(Socket, Manager, address, origin!, base, mine);
    if (shared && !known) fronts.push(front);
  }
  return front.socket(nsp, options, mine) as any;
}
