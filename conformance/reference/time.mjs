// Settings of the reference client: the features left out, and a clock that can jump.
const missing = new Set(process.argv.slice(2).filter((argument) => argument !== '--without'));

/** Whether the client has this part of the protocol: all that `--without` does not name. */
export const has = (feature) => !missing.has(feature);

let skipped = 0;
export const now = () => performance.now() + skipped;
export const skip = (ms) => (skipped += ms);

/** Waits until something holds, at most until then; whether it does. */
export function until(holds, deadline) {
  return new Promise((resolve) => {
    const timer = setInterval(check, 4);
    function check() {
      const held = holds();
      if (!held && now() < deadline) return;
      clearInterval(timer);
      resolve(held);
    }
  });
}
