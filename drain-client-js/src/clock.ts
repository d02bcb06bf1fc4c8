/** The one source of time; tests have their own. */
export interface Clock {
  /** Whole milliseconds since whenever; never goes back. */
  now(): number;
  /** Runs the action later, unless the answer is called before. */
  after(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Math.round(performance.now()),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** Whichever promise is first, or undefined when all take longer than that. */
export function within(clock: Clock, ms: number, ...first: Promise<any>[]): Promise<any> {
  let cancel!: () => void;
  const bound = new Promise<void>((resolve) => (cancel = clock.after(ms, resolve)));
  return Promise.race([...first, bound]).finally(cancel);
}
