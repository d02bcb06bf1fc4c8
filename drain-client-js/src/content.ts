/**
 * For the option `dedupe`: the content of an event is its id, for servers that give no ids. The order
 * of an object's properties does not matter. Of two messages with the same content that only one pod
 * each sends in a move, one is dropped. An event that wants an acknowledgement has no id: each pod
 * waits for its own.
 *
 * @example
 * const io = drainAware(stockIo, { dedupe: byContent });
 */
export function byContent(
  _event: string,
  args: unknown[],
  isQuestion?: boolean,
): string | undefined {
  if (isQuestion) return undefined;
  let text: string;
  try {
    text = JSON.stringify(args, plain);
  } catch {
    return undefined;
  }
  return hash(text);
}

function plain(_name: string, value: unknown): unknown {
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof Blob === 'function' && value instanceof Blob) throw new TypeError(); // read later only
  if (!ArrayBuffer.isView(value)) return sorted(value);
  return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
}

/** Servers may write the properties of an object in an order of their own. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const from = value as Record<string, unknown>;
  const to = Object.create(null) as Record<string, unknown>; // `__proto__` is a property like any
  for (const key of Object.keys(from).sort()) to[key] = from[key];
  return to;
}

/** 64 bits, by two multiplicative hashes: the texts themselves would take much memory. */
function hash(text: string): string {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x9e3779b1);
    two = Math.imul(two ^ code, 0x5f356495);
  }
  one = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(two ^ (two >>> 13), 0xc2b2ae35);
  two = Math.imul(two ^ (two >>> 16), 0x85ebca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2ae35);
  return `${text.length} ${one >>> 0} ${two >>> 0}`;
}
