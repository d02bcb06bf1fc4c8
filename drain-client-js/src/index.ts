import { parse } from './address.js';
import { Front } from './front.js';
import { check, settings } from './options.js';
import { missing } from './socket.js';
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

/** By `io` and address, who shares a connection, as socket.io-client has it. */
const fronts = new WeakMap<object, Map<string, Front>>();

/**
 * A socket as `io(url, options)` would give, that moves to another pod unnoticed when its own asks.
 *
 * @throws TypeError that names the option, its value, and what was expected
 */
export function drainAware<Listen extends EventsMap = AnyEvents, Emit extends EventsMap = Listen>(
  io: Io,
  url?: string,
  options?: Options,
  aware?: AwareOptions,
): AwareSocket<Listen, Emit> {
  check('io', io, typeof io === 'function', 'io of socket.io-client 4');
  const mine = settings(aware);
  // Never connects: it tells how this client reads the address, and which classes it has.
  const probe: any = io(url as string, { ...options, autoConnect: false, forceNew: true });
  const Socket = probe?.constructor;
  const Manager = probe?.io?.constructor;
  const lacks = Manager ? missing(Socket) : 'a manager';
  check('io', io, !lacks, `io of socket.io-client 4.5 to 4.x; this one lacks ${lacks}`);
  const opts: any = { ...options };
  const { origin, query } = parse(probe.io.uri)!;
  const shared = fronts.get(io) ?? new Map<string, Front>();
  fronts.set(io, shared);
  const key = origin + probe.io.opts.path;
  let front = shared.get(key);
  if (!front || opts.forceNew || opts.multiplex === false || front.sockets.has(probe.nsp)) {
    const base = { ...opts, query: query || opts.query };
    const fresh = new Front(Socket, Manager, origin, base, mine);
    if (!front && !opts.forceNew && opts.multiplex !== false) shared.set(key, fresh);
    front = fresh;
  }
  return front.socket(probe.nsp, options, mine) as any;
}
