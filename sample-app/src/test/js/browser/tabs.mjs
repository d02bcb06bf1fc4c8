/**
 * Tabs that can be hidden and frozen, as a browser does it. Playwright keeps its own pages in front and
 * awake, and it does not know these tabs.
 */

import { launch } from "./chromium.mjs";

/** Playwright's settings for a browser in which pages behind others run as if they were in front. */
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
    /** The value of an expression. A promise is awaited. */
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
