import { parseAddress } from './address.js';
import type { Pod } from './types.js';

/** A server that said no hello. */
export const UNKNOWN: Pod = { pod: 'unknown', generation: 'unknown' };

/** `drain:plan`: how long clients spread their reconnects over after a cut without warning. */
export interface Plan {
  readonly windowMs: number;
}

/** `drain:reconnect`: the server asks the client to move. */
export interface Hint {
  readonly reason: string;
  readonly graceMs: number;
  readonly ticket: string;
  readonly url?: string;
}

/** The object that a message carries, before it is checked. */
export interface Body {
  readonly [field: string]: unknown;
}

interface Message {
  readonly expected: string;
  isGood(body: Body): unknown;
}

/** The server's messages, and their required form. */
export const MESSAGES: { readonly [event: string]: Message } = {
  'drain:hello': {
    expected: '{pod: string, generation: string}',
    isGood: ({ pod, generation }) => isString(pod) && isString(generation),
  },
  'drain:plan': {
    expected: '{windowMs: number >= 0}',
    isGood: ({ windowMs }) => isDuration(windowMs),
  },
  'drain:reconnect': {
    expected: '{reason: string, graceMs: number >= 0, ticket: string, url?: address}',
    isGood: ({ graceMs, ticket, url }) =>
      isDuration(graceMs) && isString(ticket) && ticket && (!url || parseAddress(url)),
  },
};

const isString = (value: unknown): boolean => typeof value === 'string';

const isDuration = (value: unknown): boolean => typeof value === 'number' && value >= 0;

/** The first object among the arguments of an event. Bytes and arrays are none. */
export function objectOf(args: unknown[]): Body {
  // Some servers and clients shift the arguments of events that come before CONNECT.
  const found = args.find((arg) => ({}).toString.call(arg) === '[object Object]');
  return (found ?? {}) as Body;
}
