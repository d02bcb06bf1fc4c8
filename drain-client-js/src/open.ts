import { parseAddress, parseQuery } from './address.js';
import { Client } from './client.js';
import { IGNORED } from './log.js';
import type { Settings } from './options.js';
import { asStock, classesOf, type StockManager, type StockSocket } from './stock.js';
import type { Io, Options } from './types.js';

/** A client, and the namespace that is wanted of it. */
export interface Opened {
  readonly client: Client;
  readonly nsp: string;
  readonly options: Options;
}

/** Clients that further sockets of the same address may share, as socket.io-client shares managers. */
const clients: Client[] = [];

const NEVER_CONNECTS = { autoConnect: false, forceNew: true };

/** The client for an address: a new one, or one that there is already. */
export function clientFor(
  io: Io,
  url: string | undefined,
  options: Options = {},
  settings: Settings,
): Opened {
  // It tells how this socket.io-client reads the address, and which classes it has.
  const probe = asStock(io(url as string, Object.assign({}, options, NEVER_CONNECTS)));
  const { nsp, io: manager } = probe;
  const isShared = !options.forceNew && options.multiplex !== false;
  const key = keyOf(manager);
  const known = clients.find(
    ({ target, classes }) => target.key === key && classes.Manager === manager.constructor,
  );
  if (isShared && known && !known.sockets.has(nsp)) {
    warnOfIgnored(known, settings);
    return { client: known, nsp, options };
  }
  const client = newClient(probe, options, settings);
  if (isShared && !known) clients.push(client);
  return { client, nsp, options };
}

/** Sockets that share a connection share its moves. */
function warnOfIgnored({ log, settings }: Client, { perAddress }: Settings): void {
  const expected = 'as for the first socket of this address; forceNew has its own connection';
  for (const name of Object.keys(perAddress)) {
    const given = perAddress[name];
    if (given !== undefined && given !== settings.perAddress[name])
      log(IGNORED, { event: `option ${name}`, given, expected });
  }
}

/** The client behind `new io.Manager(url, options)`, which shares nothing. */
export function clientOfManager(
  Manager: new (url?: unknown, options?: object) => StockManager,
  url: unknown,
  options: object | undefined,
  settings: Settings,
): Client {
  const isUrl = typeof url === 'string' || !url;
  const own = (isUrl ? options : url) || {};
  const manager = new Manager(isUrl ? url : undefined, Object.assign({}, own, NEVER_CONNECTS));
  return newClient(manager.socket('/'), own, settings);
}

function newClient(probe: StockSocket, options: Options, settings: Settings): Client {
  const { io: manager } = probe;
  const { origin, query } = parseAddress(manager.uri) || { origin: manager.uri, query: '' };
  const target = {
    key: keyOf(manager),
    origin,
    // The query of an address counts more than the option, which may be meant for other ones too.
    options: query ? Object.assign({}, options, { query: parseQuery(query) }) : options,
  };
  return new Client(classesOf(probe), target, settings);
}

function keyOf({ uri, opts }: StockManager): string {
  return `${parseAddress(uri)?.origin ?? uri}${opts.path}`;
}
