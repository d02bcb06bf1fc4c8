/** What a real browser does with a cookie that leads it to a pod, when that pod refuses it. */

import assert from "node:assert/strict";
import test from "node:test";
import { launch } from "./chromium.mjs";

const server = process.env.SERVER_URL;
const SOON = 5_000;

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
  return (await fetch(`${url}/socket.io/?EIO=4&transport=polling`)).status;
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
      await page.route("**/page", (route) => route.fulfill({ contentType: "text/html", body: "<p>" }));
      await page.goto(`${server}/page`);
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
