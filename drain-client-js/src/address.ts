/** The user's own query, whichever way it was given, with ours. */
export function aware(query: any, ticket?: string): { [name: string]: any } {
  const own =
    typeof query === 'string'
      ? // As socket.io-client reads it, a plus is a plus.
        Object.fromEntries(new URLSearchParams(query.replace(/\+/g, '%2B')) as any)
      : query;
  return { ...own, drain: 1, ...(ticket && { ticket }) };
}

/** Origin, path and query of an address; undefined when it is none. */
export function parse(url: unknown): string[] | undefined {
  return /^(\w+:\/\/[^/?#]+)([^?#]*)\??([^#]*)/.exec(url as string)?.slice(1);
}
