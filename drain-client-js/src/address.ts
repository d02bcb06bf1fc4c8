type Query = { [name: string]: any };

/** As socket.io-client reads a query. */
function decode(query: string): Query {
  const fields: Query = {};
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = pair.split('=');
    if (name) fields[decodeURIComponent(name)] = decodeURIComponent(value);
  }
  return fields;
}

/** The user's own query, whichever way it was given, with ours. */
export function aware(query: unknown, ticket?: string): Query {
  const own = typeof query === 'string' ? decode(query) : { ...(query as Query) };
  return { ...own, drain: '1', ...(ticket ? { ticket } : {}) };
}

/** An address in its parts, or undefined when it is none. */
export function parse(url: unknown): { origin: string; path: string; query: string } | undefined {
  const parts = /^(\w+:\/\/[^/?#]+)([^?#]*)\??([^#]*)/.exec(String(url));
  return parts ? { origin: parts[1]!, path: parts[2]!, query: parts[3]! } : undefined;
}
