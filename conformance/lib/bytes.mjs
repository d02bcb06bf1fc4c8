// Bytes among the arguments of events: in lines of JSON they stand as {"$bytes": "base64"}.

/** The content of a line, with its bytes. */
export function toBytes(value) {
  if (typeof value?.$bytes === 'string') return Buffer.from(value.$bytes, 'base64');
  return each(value, toBytes);
}

/** The same content in a form that a line can have. */
export function fromBytes(value) {
  if (value instanceof ArrayBuffer) return fromBytes(new Uint8Array(value));
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { $bytes: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
  }
  return each(value, fromBytes);
}

function each(value, change) {
  if (Array.isArray(value)) return value.map(change);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(part)]));
}
