/** Aware clients in Chromium and in Node, through rollouts of real pods: they are to notice nothing. */

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test, { after, before } from "node:test";
import { launch } from "./chromium.mjs";
import { startCrowd } from "./crowd.mjs";
import { awaitIdle, beginRollout, until, url } from "./demo.mjs";

const SOCKETS = Number(process.env.CROWD_SOCKETS ?? 20);
const ROLLOUTS = Number(process.env.CROWD_ROLLOUTS ?? 3);
const PAGES = 4;

/** Stock clients, counted alike. A check that finds nothing wrong with them would never find anything. */
const STOCK = 4;

const reports = { chromium: [], node: [], stock: [] };
let browser;

before(async () => {
  browser = await launch();
  const pages = await Promise.all(Array.from({ length: PAGES }, (_, i) => openPage(share(i))));
  const { aware, stock } = await crowdsHere();
  try {
    await throughRollouts(pages, aware);
    // The last of them was let go at the end of the last rollout, and is still in its back-off.
    await until("the stock clients are back", 10_000, () => stock.connected() === STOCK);
    reports.stock = stock.reports();
  } finally {
    aware.stop();
    stock.stop();
  }
}, { timeout: 10 * 60_000 + ROLLOUTS * 90_000 });

after(async () => {
  await browser?.close();
});

/** How many of the sockets a page has. */
function share(page) {
  return Math.floor(SOCKETS / PAGES) + (page < SOCKETS % PAGES ? 1 : 0);
}

/** A page of the demo's origin that holds only a part of the crowd. */
async function openPage(count) {
  const page = await browser.newPage();
  const crowd = await readFile(new URL("crowd.mjs", import.meta.url), "utf8");
  await page.route("**/crowd.mjs", (route) => route.fulfill({ contentType: "text/javascript", body: crowd }));
  // A real one: browsers keep a page that came from nowhere away from this machine's own ports.
  await page.goto(`${url}/counts.js`);
  await page.addScriptTag({ url: `${url}/socket.io.min.js` });
  await page.evaluate(
    async ([origin, count]) => {
      const [{ startCrowd }, { drainAware }, { Counts }] = await Promise.all([
        import("/crowd.mjs"),
        import("/drain-client.js"),
        import("/counts.js"),
      ]);
      window.crowd = startCrowd({ io: window.io, drainAware, Counts, url: origin, count });
    },
    [url, count],
  );
  return page;
}

/** The same files as the browser's, by their text: Node takes a file that ends in .js for something else. */
async function crowdsHere() {
  const require = createRequire(new URL("../../../main/js/package.json", import.meta.url));
  const served = async (name) => {
    const text = await (await fetch(`${url}/${name}`)).text();
    return import(`data:text/javascript,${encodeURIComponent(text)}`);
  };
  const { drainAware } = await served("drain-client.js");
  const { Counts } = await served("counts.js");
  const { io } = require("socket.io-client");
  const asItIs = (io, url, options, { ready }) => {
    const socket = io(url, options);
    socket.on("connect", () => ready(socket));
    return socket;
  };
  return {
    aware: startCrowd({ io, drainAware, Counts, url, count: SOCKETS }),
    stock: startCrowd({ io, drainAware: asItIs, Counts, url, count: STOCK }),
  };
}

async function throughRollouts(pages, here) {
  const each = async (what) => [
    ...(await Promise.all(pages.map((page) => page.evaluate((name) => window.crowd[name](), what)))),
    here[what](),
  ];
  const sum = async (what) => (await each(what)).reduce((a, b) => a + b, 0);
  await until("all are connected", 30_000, async () => (await sum("connected")) === 2 * SOCKETS).catch(async (error) => {
    throw new Error(`${error.message}; of each part ${await each("connected")}`);
  });
  for (let rollout = 1; rollout <= ROLLOUTS; rollout++) {
    await beginRollout();
    await awaitIdle(rollout);
    // The reports show the clients that have not moved by now.
    await until("all have moved", 10_000, async () => Math.min(...(await each("moves"))) >= rollout).catch((error) =>
      console.log(`rollout ${rollout}: ${error.message}`),
    );
  }
  await each("hush");
  await until("all uploads are acknowledged", 10_000, async () => (await sum("waiting")) === 0).catch((error) =>
    console.log(error.message),
  );
  reports.node = here.reports();
  reports.chromium = (await Promise.all(pages.map((page) => page.evaluate(() => window.crowd.reports())))).flat();
  await mkdir(process.env.OUTPUT ?? "target", { recursive: true });
  await writeFile(`${process.env.OUTPUT ?? "target"}/aware-rollouts.json`, JSON.stringify(reports, null, 1));
}

for (const where of ["chromium", "node"]) {
  test(`${where}_throughRollouts_noticesNothing`, () => {
    const all = reports[where];
    const sum = (of) => all.reduce((total, each) => total + each[of], 0);
    const totals = Object.fromEntries(
      ["received", "lost", "duplicated", "reordered", "sent", "acknowledged", "acknowledgedTwice", "dispatched", "disconnects", "notConnected"].map(
        (name) => [name, sum(name)],
      ),
    );
    const moves = all.flatMap((each) => each.moves);
    const times = (of) => moves.map((each) => each[of]).sort((a, b) => a - b);
    const [took, connect] = [times("tookMs"), times("connectMs")];
    console.log(
      JSON.stringify({
        where,
        sockets: all.length,
        ...totals,
        moves: moves.length,
        tookMs: { p50: took[Math.floor(took.length / 2)], max: took.at(-1) },
        connectMs: { p50: connect[Math.floor(connect.length / 2)], max: connect.at(-1) },
      }),
    );
    assert.equal(all.length, SOCKETS);
    assert.deepEqual(all.flatMap((each) => each.failures), []);
    assert.deepEqual(all.map((each) => each.moves.length), all.map(() => ROLLOUTS));
    assert.ok(moves.every((move) => move.downtimeMs === 0), `downtime in ${JSON.stringify(moves)}`);
    assert.ok(all.every((each) => each.received > ROLLOUTS * 50 && each.sent > ROLLOUTS * 25), "traffic was in flight");
    assert.deepEqual(
      { ...totals },
      {
        ...totals,
        lost: 0,
        duplicated: 0,
        reordered: 0,
        acknowledged: totals.sent,
        acknowledgedTwice: 0,
        dispatched: totals.sent,
        disconnects: 0,
        notConnected: 0,
      },
    );
    assert.ok(all.every((each) => each.connects === 1), "the app sees one connect");
  });
}

test("stock_throughRollouts_noticesEachOfThem", () => {
  assert.equal(reports.stock.length, STOCK);
  for (const each of reports.stock) {
    assert.equal(each.disconnects, ROLLOUTS);
    assert.equal(each.connects, ROLLOUTS + 1);
    assert.ok(each.lost > 0 && each.notConnected > 0, JSON.stringify(each));
  }
});
