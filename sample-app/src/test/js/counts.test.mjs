import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

// By its text: Node takes a file that ends in .js for something else than browsers do.
const source = readFileSync(new URL("../../main/resources/web/counts.js", import.meta.url), "utf8");
const { Counts } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const START = 3_580_000_000;

function after(...numbers) {
  const counts = new Counts();
  for (const n of numbers) {
    n === "move" ? counts.moved() : counts.take(START + n);
  }
  const { received, duplicates, missing } = counts;
  return { received, duplicates, ...missing };
}

test("take_firstNumber_nothingIsMissing", () => {
  assert.deepEqual(after(7), { received: 1, duplicates: 0, here: 0, away: 0 });
});

test("take_inOrder_nothingIsMissing", () => {
  assert.deepEqual(after(1, 2, 3), { received: 3, duplicates: 0, here: 0, away: 0 });
});

test("take_gapOnOneConnection_isMissingHere", () => {
  assert.deepEqual(after(1, 4), { received: 2, duplicates: 0, here: 2, away: 0 });
});

test("take_gapAcrossConnections_isMissingAway", () => {
  assert.deepEqual(after(1, "move", 4, 6), { received: 3, duplicates: 0, here: 1, away: 2 });
});

test("take_noGapAcrossConnections_nothingIsMissing", () => {
  assert.deepEqual(after(1, "move", 2), { received: 2, duplicates: 0, here: 0, away: 0 });
});

test("take_again_isADuplicate", () => {
  assert.deepEqual(after(1, 2, "move", 2, 3), { received: 3, duplicates: 1, here: 0, away: 0 });
});

test("take_late_isNoLongerMissing", () => {
  assert.deepEqual(after(1, 4, 2), { received: 3, duplicates: 0, here: 1, away: 0 });
});

test("take_lateAgain_isADuplicate", () => {
  assert.deepEqual(after(1, 3, 2, 2), { received: 3, duplicates: 1, here: 0, away: 0 });
});

test("take_hugeGap_isCountedInBoundedTime", () => {
  assert.deepEqual(after(1, "move", 1e9), { received: 2, duplicates: 0, here: 0, away: 1e9 - 2 });
});

test("moved_beforeAnyNumber_changesNothing", () => {
  assert.deepEqual(after("move", 1, 3), { received: 2, duplicates: 0, here: 1, away: 0 });
});
