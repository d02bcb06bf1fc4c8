import type { Connection } from './connection.js';
import { isFunction } from './stock.js';
import type { Pod } from './types.js';
import { MESSAGES, objectOf, type Hint, type Plan } from './wire.js';

/** Logs a malformed message. */
export type Warn = (kind: string, given: unknown, expected: string) => void;

/** Logs once for each kind: a server that says something wrong says it wrong again and again. */
export function warnOnce(): Warn {
  const warned = new Set<string>();
  return (kind, given, expected) => {
    if (warned.has(kind)) return;
    warned.add(kind);
    console.warn(`drainAware: ${kind}: ${JSON.stringify(given)} (expected: ${expected})`);
  };
}

/** Takes in an event of the protocol; unknown ones are ignored. */
export function onMessage(
  connection: Connection,
  args: unknown[],
  warn: Warn,
  onHint: (hint: Hint) => void,
): void {
  const [kind, ...given] = args.filter((arg) => !isFunction(arg)) as [string];
  const message = MESSAGES[kind];
  if (!message) return;
  if (kind === 'drain:reconnect') args.filter(isFunction).forEach((heard) => heard());
  const body = objectOf(given);
  const checked: unknown = message.isGood(body) && body;
  if (!checked) {
    warn(kind, given, message.expected);
  } else if (kind === 'drain:hello') {
    const { pod, generation } = checked as Pod;
    connection.greet({ pod, generation });
  } else if (kind === 'drain:plan') {
    connection.planMs = (checked as Plan).windowMs;
  } else {
    onHint(checked as Hint);
  }
}
