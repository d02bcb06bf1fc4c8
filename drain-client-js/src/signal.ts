/** Something that happens once and can be awaited: a promise with its two ends side by side. */
export interface Signal<T> {
  readonly given: Promise<T>;
  /** Only the first call counts. */
  give(value: T): void;
}

export function signal<T = void>(): Signal<T> {
  let give!: (value: T) => void;
  const given = new Promise<T>((resolve) => (give = resolve));
  return { given, give };
}
