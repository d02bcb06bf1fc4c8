/** Aware clients in tabs that are hidden, asleep or offline while their pod asks them to move. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import test, { after, before } from "node:test";
import { awaitIdle, beginRollout, until, url } from "./demo.mjs";
import { openBrowser } from "./tabs.mjs";

const SOCKETS = 3;
const SOON = 15_000;

/** Long enough that something can be done to a tab in the middle of a move. */
const PREPARES_MS = 1_500;
const NAP_MS = 1_500;

let network;
let browser;
const reports = {};

before(
  async () => {
    network = await openNetwork();
    browser = await openBrowser();
    const hidden = await openCrowd();
    const napping = await openCrowd(PREPARES_MS);
    const asleep = await openCrowd();
    const offline = await openCrowd(PREPARES_MS, network.url);
    const front = await browser.openTab(`${url}/counts.js`);
    await front.toFront();
    await until("it is hidden", SOON, async () => (await hidden.evaluate("document.visibilityState")) === "hidden");

    await asleep.freeze();
    await beginRollout();
    await Promise.all([
      midMove(napping, async () => {
        await napping.freeze();
        await new Promise((resolve) => setTimeout(resolve, NAP_MS));
        await napping.thaw();
      }),
      midMove(offline, async () => {
        network.goAway();
        await until("it is noticed", SOON, async () => (await offline.evaluate("crowd.connected()")) === 0);
        network.comeBack();
      }),
    ]);
    await awaitIdle(1);
    await asleep.thaw();
    for (const [name, tab] of Object.entries({ hidden, napping, asleep, offline })) {
      reports[name] = await theEnd(name, tab);
    }
  },
  { timeout: 12 * 60_000 },
);

after(async () => {
  await browser?.close();
  network?.goAway();
});

/** A way to the demo that can be cut. */
async function openNetwork() {
  const { hostname, port } = new URL(url);
  const open = new Set();
  let there = true;
  const server = createServer((from) => {
    if (!there) {
      return from.destroy();
    }
    const to = connect(port, hostname);
    for (const [each, other] of [[from, to], [to, from]]) {
      open.add(each);
      each.pipe(other);
      each.on("error", () => other.destroy()).on("close", () => (open.delete(each), other.destroy()));
    }
  });
  server.unref().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    goAway: () => {
      there = false;
      open.forEach((each) => each.destroy());
    },
    comeBack: () => (there = true),
  };
}

/** A tab of the demo's origin that holds only a crowd. */
async function openCrowd(preparesMs = 0, origin = url) {
  const tab = await browser.openTab(`${origin}/counts.js`);
  await until("it is there", SOON, async () => (await tab.evaluate("location.pathname")) === "/counts.js");
  const crowd = await readFile(new URL("crowd.mjs", import.meta.url), "utf8");
  // The page's own policy lets no module in that it does not serve.
  await tab.evaluate(crowd.replace("export function startCrowd", "window.startCrowd = function"));
  await tab.evaluate(`(async () => {
    const stock = document.createElement("script");
    stock.src = "/socket.io.min.js";
    document.documentElement.append(stock);
    await new Promise((resolve) => (stock.onload = resolve));
    const { drainAware } = await import("/drain-client.js");
    const { Counts } = await import("/counts.js");
    const how = { count: ${SOCKETS}, preparesMs: ${preparesMs} };
    window.crowd = startCrowd({ io, drainAware, Counts, url: location.origin, ...how });
  })()`);
  await until("all are connected", SOON, async () => (await tab.evaluate("crowd.connected()")) === SOCKETS);
  return tab;
}

/** Does something to a tab while one of its clients moves. */
async function midMove(tab, what) {
  await until("one is asked to move", 60_000, async () => (await tab.evaluate("crowd.asked()")) > 0);
  const moving = "crowd.reports().some(({ asked, moves, failures }) => asked && !moves.length && !failures.length)";
  assert.ok(await tab.evaluate(moving), "it moves, and has not moved yet");
  await what();
}

/** The experience of a tab's clients, read when they are connected again and no more answers can come. */
async function theEnd(name, tab) {
  await until(`${name}: connected`, SOON, async () => (await tab.evaluate("crowd.connected()")) === SOCKETS);
  const sent = await tab.evaluate("Math.min(...crowd.reports().map((each) => each.sent))");
  await until(`${name}: uploads go on`, SOON, async () =>
    tab.evaluate(`crowd.reports().every((each) => each.sent > ${sent + 2} && each.acknowledged > 0)`),
  );
  await tab.evaluate("crowd.hush()");
  await until("uploads are acknowledged", 3_000, async () => (await tab.evaluate("crowd.waiting()")) === 0).catch(
    (error) => console.log(`${name}: ${error.message}`),
  );
  const all = await tab.evaluate("crowd.reports()");
  console.log(JSON.stringify({ tab: name, clients: all.map(({ moves, ...rest }) => ({ ...rest, moves: moves.length })) }));
  return all;
}

function assertNothingNoticed(all) {
  for (const each of all) {
    assert.deepEqual(each.failures, []);
    assert.equal(each.moves.length, 1);
    assert.equal(each.moves[0].downtimeMs, 0);
    const { lost, duplicated, reordered, disconnects, connects, notConnected } = each;
    assert.deepEqual(
      { lost, duplicated, reordered, disconnects, connects, notConnected },
      { lost: 0, duplicated: 0, reordered: 0, disconnects: 0, connects: 1, notConnected: 0 },
    );
    assert.equal(each.acknowledged, each.sent);
    assert.equal(each.dispatched, each.sent);
  }
}

/**
 * Gone once and back, as a stock client, with nothing twice; only what was under way at that very moment
 * may have been lost.
 */
function assertCameBack(all) {
  for (const each of all) {
    assert.equal(each.disconnects, 1, JSON.stringify(each));
    assert.equal(each.connects, 2);
    assert.equal(each.duplicated + each.reordered + each.acknowledgedTwice, 0);
    assert.ok(each.sent > 5 && each.sent - each.acknowledged <= 1, JSON.stringify(each));
  }
}

/** Each of those that were asked to move has moved, or has told the app that it has not. */
function assertTold(all) {
  const asked = all.filter((each) => each.asked);
  assert.ok(asked.length > 0, "one was asked to move");
  asked.forEach((each) => assert.equal(each.moves.length + each.failures.length, 1, JSON.stringify(each)));
}

test("hiddenTab_throughARollout_noticesNothing", () => assertNothingNoticed(reports.hidden));

test("tabThatSleepsThroughARollout_comesBackAsAStockClient", () => assertCameBack(reports.asleep));

// A browser cuts the connections of a tab that it puts to sleep.
test("tabThatSleepsInItsMove_comesBackAsAStockClient", () => {
  assertCameBack(reports.napping);
  assertTold(reports.napping);
});

test("tabThatGoesOfflineInItsMove_comesBackAsAStockClient", () => {
  assertCameBack(reports.offline);
  assertTold(reports.offline);
});
