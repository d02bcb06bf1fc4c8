/**
 * The value as it is now, as it would be encoded now: the app may change its object or its bytes
 * before a held emit goes out.
 */
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) return copyOfBytes(value);
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Date) return new Date(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return copyOf(toJSON.call(value));
  // What is no plain object, such as a Blob, cannot be changed, or only its encoder knows it.
  if ({}.toString.call(value) !== '[object Object]') return value;
  const copy = Object.create(Object.getPrototypeOf(value)) as Record<string, unknown>;
  for (const name of Object.keys(value)) define(copy, name, (value as typeof copy)[name]);
  return copy;
}

/** Also where the prototype has a setter, or nothing but a getter, of that name. */
function define(copy: object, name: string, value: unknown): void {
  Object.defineProperty(copy, name, {
    value: copyOf(value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function copyOfBytes({ buffer, byteOffset, byteLength, constructor }: ArrayBufferView): unknown {
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  // A Buffer of Node is a Uint8Array to any encoder.
  const isBuffer = constructor.name === 'Buffer';
  const View = (isBuffer ? Uint8Array : constructor) as Uint8ArrayConstructor;
  return new View(bytes as ArrayBuffer);
}
