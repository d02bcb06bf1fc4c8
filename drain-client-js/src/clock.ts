/** The one source of time. Tests have their own. */
export interface Clock {
  /** Whole milliseconds since an arbitrary start. Never goes back. */
  now(): number;
  /** Runs the action later, unless the function that it returns is called before. */
  after(ms: number, action: () => void): () => void;
}

/** A longer timer would fire at once. */
const TIMER_MOST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Math.round(performance.now()),
  after(ms, action) {
    const timer = setTimeout(action, Math.min(ms, TIMER_MOST_MS));
    return () => clearTimeout(timer);
  },
};

/** The first of these promises to settle, or undefined when all take longer than that. */
export async function within<T>(
  clock: Clock,
  ms: number,
  ...first: Promise<T>[]
): Promise<T | undefined> {
  let cancel = (): void => {};
  const bound = new Promise<undefined>((resolve) => {
    cancel = clock.after(ms, () => resolve(undefined));
  });
  try {
    return await Promise.race([...first, bound]);
  } finally {
    cancel();
  }
}
