/**
 * Tabs that can be hidden and frozen as a browser does it to its own. Playwright keeps each page of
 * its own in front and awake; these it does not know of.
 */

import { launch } from "./chromium.mjs";

/** What playwright tells a browser so that pages behind others go on as if they were in front. */
const AWAKE = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];
const ANSWER_MS = 15_000;

export async function openBrowser() {
  const browser = await launch({ ignoreDefaultArgs: AWAKE });
  const session = await browser.newBrowserCDPSession();
  return { openTab: (url) => openTab(session, url), close: () => browser.close() };
}

async function openTab(session, url) {
  const { targetId } = await session.send("Target.createTarget", { url });
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  const waiting = new Map();
  let last = 0;
  session.on("Target.receivedMessageFromTarget", (incoming) => {
    if (incoming.sessionId === sessionId) {
      const { id, error, result } = JSON.parse(incoming.message);
      waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
      waiting.delete(id);
    }
  });

  const send = async (method, params = {}) => {
    const id = ++last;
    const answer = new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      setTimeout(() => reject(new Error(`${method}: no answer within ${ANSWER_MS} ms`)), ANSWER_MS).unref();
    });
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) });
    return answer;
  };

  return {
    /** What an expression gives, when it is a promise too. */
    evaluate: async (expression) => {
      const options = { awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, ...options });
      if (exceptionDetails) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value;
    },
    toFront: () => session.send("Target.activateTarget", { targetId }),
    /** Stops its scripts, as of a tab that was long forgotten, or of a laptop that sleeps. */
    freeze: () => send("Page.setWebLifecycleState", { state: "frozen" }),
    thaw: () => send("Page.setWebLifecycleState", { state: "active" }),
  };
}
