/** The one source of time; tests have their own. */
export interface Clock {
  /** Milliseconds since whenever; never goes back. */
  now(): number;
  setTimeout(action: () => void, ms: number): unknown;
  clearTimeout(timer: any): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (action, ms) => setTimeout(action, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/** The promise, or undefined when it takes longer than that. */
export function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: unknown;
  const bound = new Promise<undefined>((resolve) => {
    timer = clock.setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, bound]).finally(() => clock.clearTimeout(timer));
}
