/** What a real browser does with a cookie that leads it to a pod, when that pod refuses it. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test, { after, before } from "node:test";
import { launch } from "./chromium.mjs";

const server = process.env.SERVER_URL;
const SOON = 5_000;

// The page comes from the same host by another port, which cookies do not look at. A page that playwright
// makes up may not connect to this machine.
const pages = createServer((request, response) => response.setHeader("Content-Type", "text/html").end("<p>"));

before(async () => {
  pages.listen(0, new URL(server).hostname);
  await once(pages, "listening");
});

after(() => pages.close());

/** In the page: what it sees of a WebSocket. */
function openWebSocket(url) {
  return new Promise((resolve) => {
    const seen = [];
    const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    socket.onopen = () => seen.push("open");
    socket.onerror = () => seen.push("error");
    socket.onclose = (event) => resolve([...seen, event.code]);
  });
}

/** In the page: what it sees of a handshake over long-polling. */
async function poll(url) {
  return (await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { credentials: "include" })).status;
}

const cases = [
  ["WebSocket", openWebSocket, ["open", "error", 1006]],
  ["poll", poll, 503],
];
for (const [name, ask, expected] of cases) {
  test(`a refused ${name} frees the browser of the cookie`, async () => {
    const browser = await launch();
    try {
      const context = await browser.newContext();
      await context.addCookies([{ name: "route", value: "pod-a", url: server, httpOnly: true }]);
      const page = await context.newPage();
      await page.goto(`http://${new URL(server).hostname}:${pages.address().port}/`);
      assert.equal((await context.cookies(server)).length, 1);

      assert.deepEqual(await page.evaluate(ask, server), expected);

      const begun = Date.now();
      while ((await context.cookies(server)).length > 0 && Date.now() - begun < SOON) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.deepEqual(await context.cookies(server), []);
    } finally {
      await browser.close();
    }
  });
}
