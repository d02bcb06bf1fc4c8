import { parseAddress } from './address.js';
import { Client } from './client.js';
import { checkPlaces, settings, type Settings } from './options.js';
import { asStock, classesOf } from './stock.js';
import type { AwareOptions, Io, Options } from './types.js';

/** A client, and the namespace that is wanted of it. */
export interface Opened {
  readonly client: Client;
  readonly nsp: string;
  readonly settings: Settings;
}

/** Clients that further sockets of the same address may share, as socket.io-client shares managers. */
const clients: Client[] = [];

const NEVER_CONNECTS = { autoConnect: false, forceNew: true };

/** The client for an address: a new one, or one that there is already. */
export function clientFor(
  io: Io,
  url: string | undefined,
  options: Options = {},
  aware: AwareOptions = {},
): Opened {
  checkPlaces(io, url, options, aware);
  const own = settings(aware);
  // It tells how this socket.io-client reads the address, and which classes it has.
  const probe = asStock(io(url as string, Object.assign({}, options, NEVER_CONNECTS)));
  const { nsp, io: manager } = probe;
  const classes = classesOf(probe);
  const { origin, query } = parseAddress(manager.uri)!;
  const key = `${origin}${manager.opts.path}`;
  const isShared = !options.forceNew && options.multiplex !== false;
  const known = clients.find((c) => c.target.key === key && c.classes.Manager === classes.Manager);
  if (isShared && known && !known.sockets.has(nsp)) return { client: known, nsp, settings: own };
  const target = {
    key,
    origin,
    options: Object.assign({}, options, { query: query || options.query }),
  };
  const client = new Client(classes, target, own);
  if (isShared && !known) clients.push(client);
  return { client, nsp, settings: own };
}
