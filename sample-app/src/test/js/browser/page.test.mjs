/** The page in a real browser: what it shows before, during and after a rollout, and how it is used. */

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import test, { after, before } from "node:test";
import { launch } from "./chromium.mjs";
import { awaitIdle, status, until, url } from "./demo.mjs";

const SOON = 15_000;
const OUTPUT = `${process.env.OUTPUT ?? "target"}/screenshots`;
const PANES = ["stock", "aware"];

let browser;
let page;

// Of all pages except the one whose pod goes away for good.
const complaints = [];
const elsewhere = [];

async function open({ width = 1180, height = 1000, path = "/", heed = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: "light", locale: "en-GB" });
  const opened = await context.newPage();
  opened.setDefaultTimeout(SOON);
  if (heed) {
    opened.on("console", (line) => ["error", "warning"].includes(line.type()) && complaints.push(line.text()));
    opened.on("pageerror", (error) => complaints.push(String(error)));
  }
  const target = new URL(path, url);
  const heedOrigin = (asked) => {
    const { protocol, host } = new URL(asked);
    if (protocol !== "data:" && host !== target.host) {
      elsewhere.push(asked);
    }
  };
  opened.on("request", (request) => heedOrigin(request.url()));
  opened.on("websocket", (socket) => heedOrigin(socket.url()));
  await opened.goto(target.href);
  return opened;
}

async function shoot(of, name) {
  for (const colorScheme of ["light", "dark"]) {
    await of.emulateMedia({ colorScheme });
    await of.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150))); // the chart is drawn again
    await of.screenshot({ path: `${OUTPUT}/${name}-${colorScheme}.png`, fullPage: true });
  }
  await of.emulateMedia({ colorScheme: "light" });
}

const text = (of, pane, what) => of.locator(`#${pane} [data-is="${what}"]`).innerText();
const figure = async (of, pane, what) => Number((await text(of, pane, what)).replace(/[^0-9]/g, ""));

async function connected(of, pane) {
  await until(`${pane} is connected`, SOON, async () => (await text(of, pane, "link-state")).startsWith("connected by"));
  await until(`${pane} has a pod`, SOON, async () => /^v\d+-[ab]$/.test(await text(of, pane, "pod-name")));
}

before(async () => {
  browser = await launch();
  await mkdir(OUTPUT, { recursive: true });
  page = await open();
}, { timeout: 10 * 60_000 });

after(async () => {
  await browser?.close();
});

test("page_open_showsBothClientsOnAPod", { timeout: 60_000 }, async () => {
  for (const pane of PANES) {
    await connected(page, pane);
    await until("a stream", SOON, async () => (await figure(page, pane, "received")) > 20);
    await until("an upload", SOON, async () => (await figure(page, pane, "acknowledged")) > 2);
    assert.equal(await text(page, pane, "phase"), "SERVING");
    assert.equal(await figure(page, pane, "lost"), 0);
  }
  assert.equal(await page.locator("#stock h2").innerText(), "Stock client");
  assert.equal(await page.locator("#aware h2").innerText(), "Aware client");
  await until("the pods", SOON, async () => (await page.locator("#pods li").count()) === 2);
  await shoot(page, "1-before");
});

test("keyboard_everyControl_isReachedInOrderAndSeen", { timeout: 60_000 }, async () => {
  await page.locator("body").press("Home");
  const reached = [];
  for (let step = 0; step < 10; step++) {
    await page.keyboard.press("Tab");
    reached.push(
      await page.evaluate(() => {
        const at = document.activeElement;
        const seen = getComputedStyle(at).outlineStyle !== "none" && parseFloat(getComputedStyle(at).outlineWidth) >= 2;
        return `${at.id || at.getAttribute("aria-label") || at.textContent}${seen ? "" : " (not seen)"}`;
      }),
    );
  }
  assert.deepEqual(reached, [
    "rollout",
    "Order, by the stock client",
    "Order, by the aware client",
    "lines",
    "name",
    "text",
    "Send",
    "default",
    "WebSocket",
    "long-polling",
  ]);
});

test("chat_byKeyboard_isHeard", { timeout: 60_000 }, async () => {
  await page.locator("#text").focus();
  await page.keyboard.type("hello");
  await page.keyboard.press("Enter");
  await until("the line", SOON, async () => /guest-\d{4}\s+hello\s+v1-[ab]/.test(await page.locator("#lines").innerText()));
});

test("rollout_byButton_stockIsAwayAndLosesNothing_andAwareFeelsNothing", { timeout: 120_000 }, async () => {
  const rollouts = (await status()).rollouts;
  const generation = (await status()).generation;
  await page.locator('#aware [data-is="moving"]').evaluate((line) => {
    window.told = [];
    new MutationObserver(() => window.told.push(line.textContent)).observe(line, { childList: true });
  });
  await page.locator("#rollout").focus();
  await page.keyboard.press("Enter");
  await until("the button says so", SOON, async () => (await page.locator("#rollout").getAttribute("aria-disabled")) === "true");
  assert.equal(await page.evaluate(() => document.activeElement.id), "rollout", "the focus stays");

  // An order as soon as the old pods drain, by keyboard, in both panes.
  await until("the old pods drain", 60_000, async () => /lets its clients go/.test(await page.locator("#rollout-message").innerText()));
  for (let tabs = 0; tabs < PANES.length; tabs++) {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
  }
  await until("the aware client has moved", SOON, async () => (await figure(page, "aware", "move-count")) === 1);
  await until("the stock client is away", SOON, async () => (await text(page, "stock", "pod-name")) === "no pod").catch(() => {
    assert.fail("the stock client was never seen away");
  });
  assert.match(await text(page, "stock", "meaning"), /^No connection to v1-[ab] any more/);
  await shoot(page, "2-during");

  await awaitIdle(rollouts + 1);
  await until("the stock client has moved", SOON, async () => (await figure(page, "stock", "move-count")) === 1);
  await until("the page says so", SOON, async () => /serves; v1 is gone/.test(await page.locator("#rollout-message").innerText()));
  for (const pane of PANES) {
    await connected(page, pane);
    assert.match(await text(page, pane, "pod-name"), /^v2-/);
    assert.equal(await page.locator(`#${pane} .order-list li`).count(), 1);
    await until(`the order by ${pane} is done`, SOON, async () => /✓|acknowledged by v1/.test(await page.locator(`#${pane} .fate`).innerText()));
  }
  assert.equal(generation, "v1");
  for (const nothing of ["gap", "lost", "duplicates", "reordered", "again"]) {
    assert.equal(await figure(page, "aware", nothing), 0, `aware: ${nothing}`);
  }
  assert.match(await page.locator("#aware .rail").innerText(), /never away/);
  assert.match(
    (await page.evaluate(() => window.told)).join("\n"),
    /^Moving away from v1-[ab]…\nOn v2-[ab] now\. v1-[ab] is listened to until it has said all\.\n$/,
  );
  assert.equal(await text(page, "aware", "moving"), "");
  assert.equal(await figure(page, "aware", "move-count"), 1);
  assert.ok((await figure(page, "stock", "gap")) > 0);
  // Its old pod has kept what it missed, and the next one has fetched that.
  for (const nothing of ["lost", "duplicates", "reordered"]) {
    assert.equal(await figure(page, "stock", nothing), 0, `stock: ${nothing}`);
  }
  assert.match(await page.locator("#stock .rail").innerText(), /recovered, 0 lost/);
  console.log(
    JSON.stringify({
      stock: { awayMs: await figure(page, "stock", "gap"), lost: await figure(page, "stock", "lost") },
      aware: { awayMs: await figure(page, "aware", "gap"), lost: await figure(page, "aware", "lost") },
    }),
  );
  await shoot(page, "3-after");
});

test("rollout_asked_withoutTheHeader_isRefused", { timeout: 60_000 }, async () => {
  assert.equal((await fetch(`${url}/demo/rollout`, { method: "POST" })).status, 403);
  const preflight = await fetch(`${url}/demo/rollout`, {
    method: "OPTIONS",
    headers: {
      origin: "http://elsewhere.invalid",
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-graceful-drain-demo",
    },
  });
  assert.equal(preflight.status, 405);
  assert.equal(preflight.headers.get("access-control-allow-origin"), null);
  assert.equal((await status()).state, "IDLE");
});

for (const path of ["/", "/?feedMs=1000&transport=polling"]) {
  test(`narrow_${path}_hasNothingBesideTheScreen`, { timeout: 60_000 }, async () => {
    const narrow = await open({ width: 360, height: 740, path });
    for (const pane of PANES) {
      await connected(narrow, pane);
    }
    await narrow.locator("#stock [data-is=order]").click();
    await until("progress", SOON, async () => /% on/.test(await narrow.locator("#stock .fate").innerText()));
    const [wide, wanted] = await narrow.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= wanted, `${wide} px wide on a screen of ${wanted} px`);
    const tops = await Promise.all(PANES.map(async (pane) => (await narrow.locator(`#${pane}`).boundingBox()).y));
    assert.ok(tops[1] > tops[0] + 200, "the panes are stacked");
    await shoot(narrow, `4-narrow${path === "/" ? "" : "-polling"}`);
    await narrow.context().close();
  });
}

test("reducedMotion_page_doesNotAnimate", { timeout: 60_000 }, async () => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
});

test("page_ofAPodWithoutTheDemo_hasNoButtonAndSaysWhy", { timeout: 60_000 }, async () => {
  const alone = await open({ path: process.env.ALONE_URL, heed: false });
  await until("the reason", SOON, async () => /started without the demo/.test(await alone.locator("#rollout-message").innerText()));
  assert.equal(await alone.locator("#rollout").isVisible(), false);

  // Its only pod drains: the page must not stay at an old phase.
  const answer = await fetch(`${process.env.ALONE_MANAGEMENT}/drain`, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.ALONE_TOKEN}` },
  });
  assert.equal(answer.status, 202);
  await until("let go", SOON, async () => (await text(alone, "stock", "pod-name")) === "no pod");
  await until("it waits", SOON, async () => /waiting for a pod/.test(await text(alone, "stock", "link-state")));
  assert.equal(await text(alone, "stock", "phase"), "");
  assert.match(await text(alone, "stock", "meaning"), /^No connection to alone any more\. This client waits/);
  await shoot(alone, "5-nowhere-to-go");
  await alone.context().close();
});

test("allPages_neverComplainedNorAskedElsewhere", () => {
  assert.deepEqual(complaints, []);
  assert.deepEqual(elsewhere, []);
});
