import { awareQuery, parseAddress } from './address.js';
import type { StockManager, StockTransport } from './stock.js';

/** Where the new connection of a move goes, and with which options: the app's, read anew. */
export function optionsOfNext(
  { opts, engine }: StockManager,
  address: string,
  ticket: string,
  attempt: number,
): { readonly origin: string; readonly options: object } {
  const { origin, path } = parseAddress(address) || { origin: address, path: '' };
  const options = Object.assign({}, opts, {
    reconnection: false, // a move makes its attempts itself
    query: awareQuery(opts.query, ticket),
  });
  if (path.length > 1) options.path = path;
  // An upgrade from long-polling takes several round trips, for which there may be no time.
  const name = engine?.transport?.name;
  if (attempt === 1 && name) {
    options.transports = beginningWith(name, opts.transports || engine.transports);
  }
  return { origin, options };
}

function beginningWith(name: string, all: readonly StockTransport[]): readonly StockTransport[] {
  const isIt = (each: StockTransport): boolean =>
    (typeof each === 'string' ? each : each.prototype.name) === name;
  return [...all.filter(isIt), ...all.filter((each) => !isIt(each))];
}
