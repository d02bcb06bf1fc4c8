/** Parameters of a query, by name. */
export interface Query {
  [name: string]: unknown;
}

/** The user's own query, as a string or as an object, with the parameters of the protocol. */
export function awareQuery(query: unknown, ticket?: string): Query {
  const own = typeof query === 'string' ? parseQuery(query) : query;
  return Object.assign({}, own, { drain: 1 }, ticket ? { ticket } : {});
}

/** As engine.io-client does it. `URLSearchParams` reads a plus otherwise, and old ones read nothing. */
export function parseQuery(query: string): Query {
  const parsed: Query = {};
  for (const parameter of query.split('&')) {
    const [name, value] = parameter.split('=') as [string, string?];
    if (name) parsed[decodeURIComponent(name)] = decodeURIComponent(value || '');
  }
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
  const parts = /^((?:http|ws)s?:\/\/[^/?#]+)([^?#]*)\??([^#]*)/i.exec(String(url));
  return parts ? { origin: parts[1]!, path: parts[2]!, query: parts[3]! } : undefined;
}

/**
 * Whether a server's hint may name it. Others read a backslash, or credentials, as the beginning or
 * the end of the host's name.
 */
export function isPlainAddress(url: unknown): boolean {
  const address = parseAddress(url);
  return !!address && !/[\\@\s]/.test(address.origin);
}

/** The origin of an address in its one form: `wss://HOST:443/a` has `https://host`. */
export function originOf(url: string): string {
  const { origin } = parseAddress(url) || { origin: url };
  const [scheme, host] = origin.toLowerCase().split('://') as [string, string];
  const secure = isSecure(`${scheme}:`);
  const named = host.replace(/^.*@/, ''); // the app's own may have credentials
  return `http${secure ? 's' : ''}://${named.replace(secure ? /:443$/ : /:80$/, '')}`;
}

const isSecure = (url: string): boolean => /^(https|wss):/i.test(url);

/** Whether a hint may lead there: tokens go along. */
export function mayFollow(url: string, home: string, allows: (origin: string) => boolean): boolean {
  if (isSecure(home) && !isSecure(url)) return false;
  const origin = originOf(url);
  return origin === originOf(home) || allows(origin);
}
