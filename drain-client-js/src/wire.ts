import { isPlainAddress } from './address.js';
import { DURATION_MOST_MS } from './bounds.js';
import type { Pod } from './types.js';

/** A server that said no hello. */
export const UNKNOWN: Pod = { pod: 'unknown', generation: 'unknown' };

/** Whether two names are those of one process. An epoch that one of them does not say is none. */
export function isSamePod(one: Pod, other: Pod): boolean {
  const isSameEpoch = !one.epoch || !other.epoch || one.epoch === other.epoch;
  return one.pod === other.pod && one.generation === other.generation && isSameEpoch;
}

/** `drain:plan`: how long clients spread their reconnects over after a cut without warning. */
export interface Plan {
  readonly windowMs: number;
}

/** `drain:reconnect`: the server asks the client to move. */
export interface Hint {
  readonly reason: string;
  readonly graceMs: number;
  readonly ticket: string;
  readonly url?: string | undefined;
}

/** The object that a message carries, before it is checked. */
export interface Body {
  readonly [field: string]: unknown;
}

interface Message {
  readonly expected: string;
  /** What counts of it, or nothing if it is malformed. */
  take(body: Body): Pod | Plan | Hint | false;
}

/** The server's messages, and their required form. */
export const MESSAGES: { readonly [event: string]: Message } = {
  'drain:hello': {
    expected: '{pod: string, generation: string}',
    take: ({ pod, generation, epoch }) =>
      isName(pod) &&
      isName(generation) &&
      (epoch === undefined || isName(epoch)) &&
      Object.assign({ pod, generation }, epoch ? { epoch } : {}),
  },
  'drain:plan': {
    expected: '{windowMs: number >= 0}',
    take: ({ windowMs }) => isDuration(windowMs) && { windowMs: bounded(windowMs) },
  },
  'drain:reconnect': {
    expected: '{reason: string, graceMs: number >= 0, ticket: string, url?: address}',
    take: ({ reason, graceMs, ticket, url }) =>
      isString(reason) &&
      isDuration(graceMs) &&
      isName(ticket) &&
      (!url || isPlainAddress(url)) && {
        reason,
        graceMs: bounded(graceMs),
        ticket,
        url: url ? String(url) : undefined,
      },
  },
};

const isString = (value: unknown): value is string => typeof value === 'string';

const isName = (value: unknown): value is string => isString(value) && value !== '';

const isDuration = (value: unknown): value is number => typeof value === 'number' && value >= 0;

const bounded = (ms: number): number => Math.min(ms, DURATION_MOST_MS);

/** The first object among the arguments of an event. Bytes and arrays are none. */
export function objectOf(args: unknown[]): Body {
  // Some servers and clients shift the arguments of events that come before CONNECT.
  const found = args.find((arg) => ({}).toString.call(arg) === '[object Object]');
  return (found ?? {}) as Body;
}
