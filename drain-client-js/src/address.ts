/** Parameters of a query, by name. */
export interface Query {
  [name: string]: unknown;
}

/** The user's own query, as a string or as an object, with the parameters of the protocol. */
export function awareQuery(query: unknown, ticket?: string): Query {
  const own = typeof query === 'string' ? parseQuery(query) : query;
  return Object.assign({}, own, { drain: 1 }, ticket ? { ticket } : {});
}

function parseQuery(query: string): Query {
  const parsed: Query = {};
  // socket.io-client reads a plus as a plus, URLSearchParams would read it as a space.
  const parameters = new URLSearchParams(query.replace(/\+/g, '%2B'));
  parameters.forEach((value, name) => (parsed[name] = value));
  return parsed;
}

/** An absolute address in its parts. `origin` includes the scheme. */
export interface Address {
  readonly origin: string;
  readonly path: string;
  readonly query: string;
}

/** Undefined for what is no absolute address. */
export function parseAddress(url: unknown): Address | undefined {
  const parts = /^(\w+:\/\/[^/?#]+)([^?#]*)\??([^#]*)/.exec(String(url));
  return parts ? { origin: parts[1]!, path: parts[2]!, query: parts[3]! } : undefined;
}
