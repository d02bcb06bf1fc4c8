package io.gracefuldrain.handover;

/** The source of time of this package. */
interface Time {
  Time SYSTEM =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long millis() {
          return System.currentTimeMillis();
        }
      };

  /** Nanoseconds from an arbitrary origin; compare by subtraction. */
  long nanos();

  /** Milliseconds of the epoch, which pods compare. */
  long millis();
}
