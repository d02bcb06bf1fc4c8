/** The demo, as a test sees it from outside. */

const url = process.env.DEMO_URL;
if (!url) {
  throw new Error("DEMO_URL: missing (expected: where the demo is)");
}

export { url };

export async function status() {
  return (await fetch(`${url}/demo/status`)).json();
}

export async function beginRollout() {
  const answer = await fetch(`${url}/demo/rollout`, { method: "POST", headers: { "x-graceful-drain-demo": "test" } });
  if (answer.status !== 202) {
    throw new Error(`the rollout was refused with ${answer.status}: ${await answer.text()}`);
  }
}

export async function awaitIdle(rollouts) {
  await until(`rollout ${rollouts} has ended`, 90_000, async () => {
    const now = await status();
    return now.state === "IDLE" && now.rollouts >= rollouts;
  });
}

/** Waits for a condition, and not for longer than that. */
export async function until(what, mostMs, condition) {
  const end = performance.now() + mostMs;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`not within ${mostMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
